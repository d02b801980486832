/** Everything `generate` makes of a configuration with the repository's modules, without writing it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Generated, generateAll } from '../../generator/generate.ts';
import { openProject } from '../../generator/project.ts';
import type { Format } from '../../generator/render/format.ts';
import type { Diagnostic } from '../../generator/report/diagnostic.ts';
import { root } from './config.ts';

export interface GeneratedConfig {
  environments: Generated[];
  diagnostics: Diagnostic[];
}

/** `text` is a config.yaml; without it the repository's own is taken. */
export async function generated(text?: string, format?: Format): Promise<GeneratedConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-generated-'));
  try {
    if (text !== undefined) writeFileSync(join(folder, 'config.yaml'), text);
    const opened = await openProject({
      cwd: text === undefined ? root : folder,
      packageRoot: root,
      configFile: 'config.yaml',
    });
    if (!opened.ok) return { environments: [], diagnostics: opened.diagnostics };
    const made = await generateAll(opened.value, { cwd: root, ...(format ? { format } : {}) });
    return { environments: made.ok ? made.value : [], diagnostics: [...opened.diagnostics, ...made.diagnostics] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

#!/usr/bin/env node
/** argv → command → exit code. Everything else is in `commands/`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from './main.ts';

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
// The SDK is part of this package at a version that runs here: which Node later ones want is not the operator's concern.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());
// A reader that went away (`edgepass graph | head -1`) is no bug of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  packageRoot,
  version,
  env: process.env,
  color: process.stdout.isTTY === true && process.stderr.isTTY === true && process.env.NO_COLOR === undefined,
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  stdout: (text, taken) => process.stdout.write(text, () => taken?.()),
  stderr: (text) => process.stderr.write(text),
  interrupted: interruption.signal,
  ...(process.stdin.isTTY && process.stderr.isTTY
    ? { terminal: { columns: process.stderr.columns, ask: (question) => askTerminal(question, interruption.signal) } }
    : {}),
});

async function askTerminal(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Readline takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question(question, { signal });
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    lines.close();
  }
}

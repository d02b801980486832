/** The templates of an output, as data. */
import type { Json } from '../modules/contract.ts';
import type { ManifestStack, OutputTree } from '../output/manifest.ts';
import { parseCfnYaml } from '../render/cfn-yaml/parse.ts';

/** Section → entries; the texts beside them (description, version) are not sections. */
export type Template = { [section: string]: { [name: string]: Json } };

/** In long form. Both sides are read back from their files, so that neither has what only memory has. */
export function readTemplate(stack: ManifestStack, { files }: Pick<OutputTree, 'files'>): Template {
  const text = new TextDecoder().decode(files.get(stack.template));
  const { value } = parseCfnYaml(text, (line, column) => ({ file: stack.template, line, column }));
  return (value ?? {}) as Template;
}

/** The text of the new config.yaml: the order of the schema, its words as comments, and nothing that YAML could misread. */
import { type Document, isMap, isScalar, isSeq, type Pair, type Scalar, visit, Document as YamlDocument } from 'yaml';
import { deref, type JsonSchema } from '../../config/compose-schema.ts';
import { type Draft, isDraft } from './draft.ts';

/** Where an editor finds the schema in a repository that has the package installed. */
export const SCHEMA_LINE = '# yaml-language-server: $schema=./node_modules/edgepass/schema/config.schema.json';

const HEAD = `${SCHEMA_LINE}
# What is protected, and where it is deployed. An editor with YAML support completes and explains every key;
# so does \`npx edgepass explain <key> --env <environment>\`. node_modules/edgepass/schema/README.md lists them all.
`;

const WIDTH = 120;

export function configText(draft: Draft, schema: JsonSchema): string {
  // `compat` quotes what readers of YAML 1.1 take for something else than text: no, on, 12:30, 1_000.
  const document = new YamlDocument(inOrder(draft, schema, schema), {
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  comment(document, schema);
  visit(document, {
    Seq: (_key, node) => {
      node.flow = node.items.every((item) => isScalar(item));
    },
  });
  const text = document.toString({ lineWidth: 0, blockQuote: false, flowCollectionPadding: false });
  return `${HEAD}\n${text}`;
}

/** Keys of the schema come first and in its order; names of entries stay as they were given. */
function inOrder(value: unknown, schema: JsonSchema | undefined, root: JsonSchema): unknown {
  if (!isDraft(value)) return value;
  const node = schema === undefined ? {} : deref(schema, root);
  const known = Object.keys(node.properties ?? {}).filter((name) => Object.hasOwn(value, name));
  const names = [...known, ...Object.keys(value).filter((name) => !known.includes(name))];
  const entry = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
  return Object.fromEntries(
    names.map((name) => [name, inOrder(value[name], known.includes(name) ? node.properties?.[name] : entry, root)]),
  );
}

/** Each section begins with what it is. */
function comment(document: Document, schema: JsonSchema): void {
  if (!isMap(document.contents)) return;
  document.contents.items.forEach((pair: Pair, index) => {
    const key = pair.key as Scalar;
    const { description } = schema.properties?.[String(key.value)] ?? {};
    if (description !== undefined) key.commentBefore = wrapped(description);
    if (index > 0) key.spaceBefore = true;
    if (isSeq(pair.value)) pair.value.flow = true;
  });
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length < WIDTH - 1) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return lines.join('\n');
}

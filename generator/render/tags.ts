/** Adds the tags of project, environment, module and operator to every resource that takes tags. */
import type { Environment, Json } from '../modules/contract.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Merged } from './contribute.ts';
import { TAG_SHAPES } from './tag-shapes.ts';

/** Adds tags in place. Tags that a resource states itself win over ours. */
export function addTags({ template, moduleOf, placeOf }: Merged, environment: Environment): Diagnostic[] {
  const diagnostics = reservedKeys(environment);
  if (diagnostics.length > 0) return diagnostics;
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    if (!isMap(resource)) continue;
    const shape = TAG_SHAPES.get(String(resource.Type));
    if (!shape) continue;
    const properties = isMap(resource.Properties) ? resource.Properties : {};
    const own = ownTags(properties.Tags);
    if (!own) {
      const place = placeOf(resource);
      diagnostics.push({
        code: 'EP4023',
        severity: 'error',
        message: `The tags of ${id} are neither a list of Key and Value nor a map, so none can be added`,
        hint: 'Write the tags out; edgepass adds those of project and environment.',
        ...(place && { place }),
      });
      continue;
    }
    const tags = Object.entries({ ...ours(environment, moduleOf.get(id)), ...own }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    properties.Tags = shape === 'map' ? Object.fromEntries(tags) : tags.map(([Key, Value]) => ({ Key, Value }));
    resource.Properties = properties;
  }
  return diagnostics;
}

function ours(environment: Environment, module: string | undefined): Record<string, Json> {
  return {
    ...environment.tags,
    'edgepass:project': environment.project,
    'edgepass:environment': environment.name,
    ...(module && { 'edgepass:module': module }),
  };
}

/** A resource's own tags as a map, whatever their shape. */
function ownTags(tags: Json | undefined): Record<string, Json> | undefined {
  if (tags === undefined) return {};
  if (!Array.isArray(tags))
    return isMap(tags) && !Object.keys(tags).some((key) => key.startsWith('Fn::')) ? tags : undefined;
  const pairs = tags.map((tag): [string, Json] | undefined =>
    isMap(tag) && typeof tag.Key === 'string' && tag.Value !== undefined ? [tag.Key, tag.Value] : undefined,
  );
  return pairs.every((pair) => pair !== undefined) ? Object.fromEntries(pairs) : undefined;
}

function reservedKeys({ name, tags }: Environment): Diagnostic[] {
  return Object.keys(tags)
    .filter((key) => /^(?:aws|edgepass):/i.test(key))
    .map((key) => ({
      code: 'EP4022',
      severity: 'error',
      message: `The tag key "${key}" is reserved`,
      hint: 'Choose a key that starts with neither aws: nor edgepass:.',
      path: `/tags/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      environment: name,
    }));
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

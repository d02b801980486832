/**
 * Stage 3: one environment with overlay and defaults applied, frozen, and where every value came from.
 * Maps merge, lists replace, `null` removes; there is one overlay level and no expression language.
 */
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { failed, outcome } from '../report/diagnostic.ts';
import { nearest } from '../report/nearest.ts';
import { deref, type JsonSchema, resolvedSchema } from './compose-schema.ts';
import { locate, pointerParts, pointerTo } from './locate.ts';
import { explainError, schemaErrors } from './schema-errors.ts';
import type { ValidatedConfig } from './validate.ts';

/** Where a value came from. */
export interface Provenance {
  layer: 'default' | 'top' | 'environment';
  /** Pointer into config.yaml; absent for a default. */
  pointer?: string;
  value: unknown;
  /** What would hold without it. */
  overrides?: Provenance;
}

export type Settings = { readonly [key: string]: unknown };

export interface ResolvedEnvironment {
  name: string;
  /** Merged settings with all defaults: the sections of the top level plus account, region and protected. */
  settings: Settings;
  /** By JSON pointer into `settings`. Removed values stay listed (value `null`), so that `explain` can tell. */
  provenance: ReadonlyMap<string, Provenance>;
  config: ValidatedConfig;
}

type Tree = Record<string, unknown>;

/** Resolves one environment of a validated document. Faults that only show after merging are located in the overlay. */
export function resolve(config: ValidatedConfig, name: string): Outcome<ResolvedEnvironment> {
  const { source, schema } = config;
  const environments = source.data.environments as Record<string, Tree>;
  if (!Object.hasOwn(environments, name)) return failed(unknownEnvironment(config, name));
  const { environments: _all, ...top } = source.data as Tree;
  const provenance = new Map<string, Provenance>();
  const settings = copy(top, { layer: 'top', from: '', to: '', provenance }) as Tree;
  overlay(settings, environments[name] as Tree, { from: pointerTo('/environments', name), to: '', provenance });
  const { account, region, protected: isProtected, ...sections } = settings;
  const diagnostics = checkMerged(config, { name, sections, provenance });
  if (diagnostics.length > 0) return failed(...diagnostics);
  const complete = withDefaults(sections, resolvedSchema(schema), { root: schema, to: '', provenance }) as Tree;
  const own = schema.definitions?.environment?.properties?.protected?.default;
  if (isProtected === undefined) provenance.set('/protected', { layer: 'default', value: own });
  const merged = { ...complete, account, region, protected: isProtected ?? own };
  return outcome({ name, settings: deepFreeze(merged), provenance, config });
}

interface Layer {
  layer: 'top' | 'environment';
  from: string;
  to: string;
  provenance: Map<string, Provenance>;
}

/** Copies a value of one layer and notes where each part came from. */
function copy(value: unknown, layer: Layer): unknown {
  const before = layer.provenance.get(layer.to);
  layer.provenance.set(layer.to, {
    layer: layer.layer,
    pointer: layer.from,
    value,
    ...(before !== undefined && layer.layer === 'environment' ? { overrides: before } : {}),
  });
  const down = (key: string | number): Layer => ({
    ...layer,
    from: pointerTo(layer.from, key),
    to: pointerTo(layer.to, key),
  });
  if (Array.isArray(value)) return value.map((item, index) => copy(item, down(index)));
  if (isTree(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, down(key))]));
  return value;
}

function overlay(base: Tree, over: Tree, at: Omit<Layer, 'layer'>): void {
  for (const [key, value] of Object.entries(over)) {
    const layer: Layer = { ...at, layer: 'environment', from: pointerTo(at.from, key), to: pointerTo(at.to, key) };
    const existing = base[key];
    if (isTree(existing) && isTree(value)) {
      // The overlay's key stands for the merged map: a fault of the whole is a fault of what was merged in last.
      const before = at.provenance.get(layer.to);
      at.provenance.set(layer.to, {
        layer: 'environment',
        pointer: layer.from,
        value,
        ...(before ? { overrides: before } : {}),
      });
      overlay(existing, value, layer);
      continue;
    }
    forgetBelow(layer.to, at.provenance);
    if (value === null) {
      copy(null, layer);
      delete base[key];
    } else base[key] = copy(value, layer);
  }
}

function forgetBelow(pointer: string, provenance: Map<string, Provenance>): void {
  for (const key of provenance.keys()) if (key.startsWith(`${pointer}/`)) provenance.delete(key);
}

/** Fills what is missing from the schema's defaults; a default of `null` means "not set". */
function withDefaults(
  value: unknown,
  schema: JsonSchema,
  at: { root: JsonSchema; to: string; provenance: Map<string, Provenance> },
): unknown {
  const node = deref(schema, at.root);
  if (!isTree(value)) return value;
  const result: Tree = {};
  const keys = new Set([...Object.keys(value), ...Object.keys(node.properties ?? {})]);
  for (const key of keys) {
    const property =
      node.properties?.[key] ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : {});
    const to = pointerTo(at.to, key);
    let item = value[key] ?? undefined;
    if (item === undefined) {
      item = structuredClone(deref(property, at.root).default) ?? undefined;
      if (item === undefined) continue;
      const before = at.provenance.get(to);
      at.provenance.set(to, { layer: 'default', value: item, ...(before ? { overrides: before } : {}) });
    }
    result[key] = withDefaults(item, property, { ...at, to });
  }
  return result;
}

function checkMerged(
  config: ValidatedConfig,
  merged: { name: string; sections: Tree; provenance: Map<string, Provenance> },
): Diagnostic[] {
  return schemaErrors(config.checks.environment, merged.sections).map((error) => {
    const from = sourcePointer(error.instancePath, merged);
    const { pointer, target, ...text } = explainError(error, {
      root: config.schema,
      source: config.source,
      pointer: error.instancePath,
    });
    const missing =
      error.keyword === 'required' ? pointerTo(error.instancePath, String(error.params.missingProperty)) : pointer;
    const removed = merged.provenance.get(missing)?.pointer;
    const place = locate(config.source, removed ?? from, removed ? 'key' : target);
    return { severity: 'error' as const, ...text, path: pointer, environment: merged.name, place };
  });
}

/** The pointer into config.yaml of the value at `pointer` of the merged settings, or of its nearest parent. */
export function sourcePointer(
  pointer: string,
  merged: { name: string; provenance: ReadonlyMap<string, Provenance> },
): string {
  for (let parts = pointerParts(pointer); parts.length > 0; parts = parts.slice(0, -1)) {
    const found = merged.provenance.get(parts.reduce((path, part) => pointerTo(path, part), ''));
    if (found?.pointer !== undefined) return found.pointer;
  }
  return pointerTo('/environments', merged.name);
}

function unknownEnvironment(config: ValidatedConfig, name: string): Diagnostic {
  const guess = nearest(name, config.environments);
  return {
    code: 'EP1401',
    severity: 'error',
    message: `There is no environment \`${name}\`.`,
    hint: `${guess ? `Did you mean \`${guess}\`? ` : ''}Defined: ${config.environments.join(', ')}.`,
    place: locate(config.source, '/environments', 'key'),
  };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}

/** What of the settings file becomes project, streams and policies, and why the rest of `main` does not come along. */
import type { Json } from '../../../modules/contract.ts';

/** What becomes of one member of the file. Like `Adoption` of the contract, with paths from the top of config.yaml. */
export interface CoreAdoption {
  from: string;
  settings?: Record<string, Json>;
  because: string;
  hint?: string;
}

type Section = { readonly [key: string]: Json };

/** Members of `main` without a place here. */
const LEFT: Readonly<Record<string, readonly [because: string, hint?: string]>> = {
  assets_bucket_name: ['It is the bucket for the code of that installation.'],
  retention: ['A revoked session stays refused as long as a token of it could be valid.'],
  metrics: ['edgepass reports nothing to anybody.'],
};

export function coreAdoptions(file: Section): CoreAdoption[] {
  const main = sectionOf(file, 'main');
  const left = Object.entries(LEFT)
    .filter(([member]) => Object.hasOwn(main, member))
    .map(([member, [because, hint]]) => ({ from: `main.${member}`, because, ...(hint !== undefined && { hint }) }));
  return [project(main.stack_name), ...streams(file), ...left];
}

/** A project's name has to be shorter than a stack's, and in lower case. */
function project(stackName: Json | undefined): CoreAdoption {
  const from = 'main.stack_name';
  if (typeof stackName !== 'string') return { from, because: 'It is not text.' };
  const name = stackName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^[-0-9]+|-+$/g, '');
  return {
    from,
    settings: { project: name },
    because: 'New stacks begin with it and an environment; the old stacks stay.',
  };
}

/** One stream and one policy for the asset of each streaming format; one for both where they share a folder. */
function streams(file: Section): CoreAdoption[] {
  const seen = new Map<string, { name: string; lifetime: string | undefined }>();
  return ['hls', 'dash'].flatMap((name) => {
    const section = sectionOf(file, name);
    const path = section.url_path;
    if (path === undefined) return [];
    if (typeof path !== 'string' || !path.startsWith('/'))
      return [{ from: `${name}.url_path`, because: 'It is not a path that begins with a slash.' }, ttlLeft(name)];
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const twin = seen.get(folder);
    if (twin !== undefined)
      return [{ from: `${name}.url_path`, because: `Stream \`${twin.name}\` has this folder already.` }, ttlLeft(name)];
    const lifetime = lifetimeOf(section.ttl);
    seen.set(folder, { name, lifetime });
    return [
      {
        from: `${name}.url_path`,
        settings: {
          [`streams.${name}.paths`]: [folder],
          ...(lifetime !== undefined && { [`streams.${name}.policy`]: name }),
        },
        because: 'The file knows the folder of one asset only: add the folders of the others.',
      },
      lifetime === undefined
        ? { from: `${name}.ttl`, because: 'It is not a time like +3h.' }
        : {
            from: `${name}.ttl`,
            settings: { [`policies.${name}.lifetime`]: lifetime },
            because:
              'What tokens are bound to (headers, countries, network) is in the table of assets, not in this file.',
            hint: 'Look there, and state it under `policies`.',
          },
    ];
  });
}

function ttlLeft(name: string): CoreAdoption {
  return { from: `${name}.ttl`, because: `There is no stream of its own for \`${name}\`.` };
}

function lifetimeOf(ttl: Json | undefined): string | undefined {
  return typeof ttl === 'string' ? /^\+?([1-9]\d{0,6}[smhd])$/.exec(ttl)?.[1] : undefined;
}

function sectionOf(file: Section, name: string): Section {
  const value = Object.hasOwn(file, name) ? file[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

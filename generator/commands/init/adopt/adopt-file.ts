/** `--from`: puts what edgepass has into the draft, and says of everything else in the file why it did not come along. */
import { locate, pointerTo } from '../../../config/locate.ts';
import type { Module } from '../../../modules/module.ts';
import type { Diagnostic, Place } from '../../../report/diagnostic.ts';
import type { Io } from '../../command.ts';
import { type Checker, checkDraft } from '../check-draft.ts';
import { type Draft, isDraft, removeAt, setAt, valueAt } from '../draft.ts';
import { openQuestions } from '../questions.ts';
import { type CoreAdoption, coreAdoptions } from './core-adoptions.ts';
import { readSettingsFile, type SettingsFile } from './read-file.ts';

export interface AdoptOptions {
  /** File to import, or `-`. */
  name: string;
  io: Io;
  modules: readonly Module[];
  checker: Checker;
  /** Filled in place. */
  draft: Draft;
}

/** Name of the format in module contracts. */
const FORMAT = 'secure-media-delivery';

export async function adoptFile({ name, io, modules, checker, draft }: AdoptOptions): Promise<Diagnostic[]> {
  const read = await readSettingsFile(name, io);
  if (!read.ok) return read.diagnostics;
  const file = read.value;
  const adoptions = [...moduleAdoptions(file, modules), ...coreAdoptions(file.data)];
  const known = adoptions.map(({ from }) => from);
  const notices = adoptions.map((adoption) => settle(adoption, { file, checker, draft }));
  for (const from of unknownMembers(file.data, known))
    notices.push(notCarried(from, file, { because: 'Nothing in this version of edgepass takes it over.' }));
  return [...notices.sort(byPlace), ...silent(file, checker, draft)];
}

/** In the order of the file, as somebody who compares the two reads. */
function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

/** Modules state their settings relative to themselves. */
function moduleAdoptions({ data }: SettingsFile, modules: readonly Module[]): CoreAdoption[] {
  return modules.flatMap(({ id, contract }) =>
    (contract.adopts?.[FORMAT]?.(data) ?? []).map(({ settings, ...rest }) => ({
      ...rest,
      ...(settings !== undefined && {
        settings: Object.fromEntries(Object.entries(settings).map(([path, value]) => [`modules.${id}.${path}`, value])),
      }),
    })),
  );
}

interface Into {
  file: SettingsFile;
  checker: Checker;
  draft: Draft;
}

/** Carries a member over, unless config.yaml would not take the value. */
function settle(adoption: CoreAdoption, { file, checker, draft }: Into): Diagnostic {
  const { from, settings, because, hint } = adoption;
  if (settings === undefined) return notCarried(from, file, adoption);
  const paths = Object.keys(settings).map((key) => key.split('.'));
  for (const path of paths) setAt(draft, path, settings[path.join('.')]);
  const [fault] = paths.flatMap((path) => checkDraft(draft, checker, path));
  if (fault !== undefined) {
    for (const path of paths) removeAt(draft, path);
    return notCarried(from, file, { because: fault.message, ...(fault.hint !== undefined && { hint: fault.hint }) });
  }
  const became = Object.entries(settings).map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\``);
  return {
    code: 'EP7713',
    severity: 'notice',
    message: `\`${from}\` became ${became.join(' and ')}. ${because}`,
    ...(hint !== undefined && { hint }),
    place: placeIn(file, from),
  };
}

function notCarried(from: string, file: SettingsFile, why: Pick<CoreAdoption, 'because' | 'hint'>): Diagnostic {
  return {
    code: 'EP7714',
    severity: 'notice',
    message: `\`${oneLine(from)}\` was not carried over. ${why.because}`,
    ...(why.hint !== undefined && { hint: why.hint }),
    place: placeIn(file, from),
  };
}

/** Members that nobody spoke of; a section of which nothing was spoken of is one. */
function unknownMembers(data: SettingsFile['data'], known: readonly string[]): string[] {
  const isKnown = (member: string): boolean => known.includes(member);
  return Object.entries(data).flatMap(([section, value]) => {
    if (isKnown(section)) return [];
    if (!isDraft(value) || !known.some((member) => member.startsWith(`${section}.`))) return [section];
    return Object.keys(value)
      .map((name) => `${section}.${name}`)
      .filter((member) => !isKnown(member));
  });
}

/** What a project needs and the file has no word about. */
function silent(file: SettingsFile, { schema }: Checker, draft: Draft): Diagnostic[] {
  const open = openQuestions(schema, draft).filter(({ kind, choices }) => kind === 'value' && choices === undefined);
  if (open.length === 0) return [];
  return [
    {
      code: 'EP7715',
      severity: 'notice',
      message: `The file does not say ${open.map(({ path }) => `\`${path.join('.')}\``).join(', ')}.`,
      hint: 'These come from options or answers.',
      place: { file: shownName(file) },
    },
  ];
}

function placeIn(file: SettingsFile, member: string): Place {
  const { source, data } = file;
  const [section = '', ...rest] = member.split('.');
  const path = rest.length === 0 ? [section] : [section, rest.join('.')];
  if (source === undefined || valueAt(data, path) === undefined) return { file: shownName(file) };
  const { line, column } = locate(source, path.reduce(pointerTo, ''), 'key');
  return { file: shownName(file), ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
}

/** Names of members are the file's own and may be anything. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function shownName({ name }: SettingsFile): string {
  return name === '-' ? 'standard input' : name;
}

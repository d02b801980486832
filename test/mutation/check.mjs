/**
 * Compares the last mutation report with `survivors.yaml`, where every mutant that no test notices has its reason. Fails
 * when one survived that has none, when one that is listed is no longer in the sources, and below 90 % noticed.
 * `node test/mutation/check.mjs --print` prints what is missing in the form of the list.
 */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const LEAST = 90;
const REPORT = 'reports/mutation/mutation.json';
const LIST = 'test/mutation/survivors.yaml';

const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

const onOneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** What a mutant stands for, without its line number, which every edit above it would change. */
function nameOf({ mutatorName, location: { start, end }, replacement }, lines) {
  const first = lines[start.line - 1];
  const original =
    start.line === end.line
      ? first.slice(start.column - 1, end.column - 1)
      : [
          first.slice(start.column - 1),
          ...lines.slice(start.line, end.line - 1),
          lines[end.line - 1].slice(0, end.column - 1),
        ].join('\n');
  return `${mutatorName}: ${onOneLine(original)} → ${onOneLine(replacement)}`;
}

/** Mutants of the report: `{ file, name, line, status }`, without those that were never run. */
function mutantsOf(report) {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => NOTICED.includes(status) || UNNOTICED.includes(status))
      .map((mutant) => ({
        file,
        name: nameOf(mutant, lines),
        line: mutant.location.start.line,
        status: mutant.status,
      }));
  });
}

/** The list: `{ file, name }`, once for each mutant that an entry is about. Throws on an entry without a reason. */
function explainedOf(text) {
  return (parse(text) ?? []).flatMap(({ file, reason, mutants }) => {
    if (!file || !mutants?.length || !(reason?.length > 20))
      throw new Error(`${LIST}: an entry of "${file}" is not whole`);
    return mutants.map((name) => ({ file, name: onOneLine(name) }));
  });
}

/** Takes the first mutant out of `from` that is the same as `one`; whether there was one. */
function take(from, one) {
  const at = from.findIndex((other) => other.file === one.file && other.name === one.name);
  if (at !== -1) from.splice(at, 1);
  return at !== -1;
}

const mutants = mutantsOf(JSON.parse(readFileSync(REPORT, 'utf8')));
const files = [...new Set(mutants.map(({ file }) => file))];
const explained = explainedOf(readFileSync(LIST, 'utf8')).filter(({ file }) => files.includes(file));

const noticed = mutants.filter(({ status }) => NOTICED.includes(status));
const survived = mutants.filter(({ status }) => UNNOTICED.includes(status));
const score = (100 * noticed.length) / mutants.length;

const left = [...explained];
const open = survived.filter((one) => !take(left, one));
// A slow machine may have called a survivor a time-out; what is in no report is a mistake in the list.
const remaining = [...noticed];
const gone = left.filter((one) => !take(remaining, one));

if (process.argv.includes('--print')) {
  const entries = files.flatMap((file) => {
    const names = open.filter((one) => one.file === file).map(({ name }) => name);
    return names.length === 0 ? [] : [{ file, reason: '', mutants: names }];
  });
  process.stdout.write(stringify(entries, { lineWidth: 0 }));
} else {
  const say = (text) => process.stdout.write(`${text}\n`);
  for (const { file, line, name, status } of open) say(`not explained: ${file}:${line} ${name} (${status})`);
  for (const { file, name } of gone) say(`explained, but not in the sources: ${file} ${name}`);
  for (const one of left.filter((entry) => !gone.includes(entry)))
    say(`explained, but noticed: ${one.file} ${one.name}`);
  say(
    `${mutants.length} mutants in ${files.length} files: ${score.toFixed(2)} % noticed, ${survived.length} not, of which ` +
      `${survived.length - open.length} are explained`,
  );
  process.exitCode = open.length > 0 || gone.length > 0 || score < LEAST ? 1 : 0;
}

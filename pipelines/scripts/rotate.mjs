/**
 * rotate.mjs say|do: what was asked for in the form of the workflow `rotate`. `say` writes it into the summary, for whoever
 * approves it; `do` does it in the ENVIRONMENT.
 */
import { edgepass, formed, inputs, summarise } from './by-hand.mjs';
import { stop } from './github.mjs';

const TIME = String.raw`\d{10}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?`;
const BEFORE = { form: new RegExp(`^(?:now|\\d{1,9}[smhd] ago|${TIME})$`), example: 'now, 10m ago, or a time' };
const UNTIL = { form: new RegExp(`^(?:\\d{1,9}[smhd]|${TIME})$`), example: '2h, or a time' };
// Far shorter than a key or a token.
const KID = { form: /^[\w-]{1,16}$/, example: 'the id of a key, as the action "list" shows it' };

/** By action: inputs that belong to it, and what it comes to. */
const ACTIONS = {
  list: { takes: [], of: () => ({ what: 'show the keys', command: ['keys', 'list'] }) },
  rotate: {
    takes: [],
    of: () => ({ what: 'let the next key sign', command: ['keys', 'rotate'], options: ['--now'] }),
  },
  kill: {
    takes: ['kid'],
    of: (typed) => {
      const kid = formed(typed, { name: 'kid', ...KID });
      const what = `remove key ${kid}; every token that it has signed is refused`;
      return { what, command: ['keys', 'kill'], options: [`--confirm=${kid}`, '--', kid] };
    },
  },
  void: {
    takes: ['before'],
    of: (typed) => {
      const before = formed(typed, { name: 'before', ...BEFORE });
      const what = `refuse every token issued before this time: ${before}`;
      return { what, command: ['void'], options: [`--before=${before}`, '--yes'] };
    },
  },
  'mode report': { takes: ['until'], of: (typed) => mode(typed, { word: 'report', what: 'refuse nobody' }) },
  'mode enforce': {
    takes: ['until'],
    of: (typed) => mode(typed, { word: 'enforce', what: 'refuse also where report is configured' }),
  },
  'mode off': { takes: [], of: () => ({ what: 'end the mode that was set', command: ['mode', 'off'] }) },
};

function mode(typed, { word, what }) {
  const until = formed(typed, { name: 'until', ...UNTIL });
  return { what: `${what}, until: ${until}`, command: ['mode', word], options: [`--until=${until}`, '--yes'] };
}

const typed = inputs();
if (!Object.hasOwn(ACTIONS, typed.action ?? '')) stop('There is no such action.');
const { takes, of } = ACTIONS[typed.action];
for (const name of ['kid', 'before', 'until'])
  if (name in typed && !takes.includes(name))
    stop(`The input "${name}" does not belong to the action "${typed.action}": leave it empty, or choose another one.`);
const { what, command, options } = of(typed);

if (process.argv[2] === 'say') summarise('Asked for', what);
else {
  const { status, stdout } = edgepass(command, { options });
  process.stdout.write(stdout);
  if (status === 0) summarise('Done', stdout);
  process.exitCode = status;
}

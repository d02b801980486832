/**
 * What the workflow of the keys answers. Only what is named here is taken over: an answer that had more in it than it should
 * would not be printed.
 */

/** Times are seconds since 1970. */
export interface KeyRow {
  kid: string;
  state: string;
  created: number;
  /** When the edge had it first. */
  published?: number;
  signFrom?: number;
  signUntil?: number;
  /** When it leaves the edge. */
  keepUntil?: number;
  gone?: number;
}

export interface KeysAnswer {
  keys: KeyRow[];
  /** Id of the key that signs, or will; `''` while there is none. */
  signing: string;
  /** Whether a rotation is due. */
  due: boolean;
  /** Seconds until the spare may sign. */
  wait: number;
  /** When the next rotation is due; 0 while no key signs. */
  dueFrom: number;
  /** Tokens issued before it are refused; 0: none. */
  voidBefore: number;
  /** Stands in for the configured modes until its end. */
  mode?: { mode: string; until: number };
}

type Members = Readonly<Record<string, unknown>>;

const TIMES = ['created', 'published', 'signFrom', 'signUntil', 'keepUntil', 'gone'] as const;

/** `undefined` when a text is no such answer. */
export function readKeysAnswer(text: string | undefined): KeysAnswer | undefined {
  const answer = membersOf(parsed(text));
  const rows = Array.isArray(answer?.keys) ? answer.keys.map(readRow) : undefined;
  if (answer === undefined || rows === undefined || rows.includes(undefined)) return undefined;
  const mode = membersOf(answer.mode);
  return {
    keys: rows as KeyRow[],
    signing: isKid(answer.signing) ? answer.signing : '',
    due: answer.due === true,
    wait: isTime(answer.wait) ? answer.wait : 0,
    dueFrom: isTime(answer.dueFrom) ? answer.dueFrom : 0,
    voidBefore: isTime(answer.voidBefore) ? answer.voidBefore : 0,
    ...((mode?.mode === 'report' || mode?.mode === 'enforce') && isTime(mode.until)
      ? { mode: { mode: mode.mode, until: mode.until } }
      : {}),
  };
}

function readRow(value: unknown): KeyRow | undefined {
  const row = membersOf(value);
  if (row === undefined || !isKid(row.kid) || !isState(row.state) || !isTime(row.created)) return undefined;
  const times = TIMES.flatMap((name) => (isTime(row[name]) ? [[name, row[name]]] : []));
  return { kid: row.kid, state: row.state, ...Object.fromEntries(times) };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown): Members | undefined {
  return value === null || typeof value !== 'object' || Array.isArray(value) ? undefined : (value as Members);
}

/** Far shorter than a key, so that none is taken for one. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,16}$/.test(value);
}

function isState(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{1,20}$/.test(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 9_999_999_999;
}

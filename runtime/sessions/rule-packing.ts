/**
 * Revoked sessions as rules of AWS WAF, as densely as its prices allow. A session stands at the start of the path with a dot
 * behind it. One by one (STARTS_WITH) each costs 2 capacity units; a regular expression costs 3 and holds as many as 200
 * characters can name: eight of our own. Nothing holds more. Statements in an OR cost what they cost alone; a capturing group
 * or a reference back is no syntax AWS WAF knows; beginnings of ids would be shorter, and refuse sessions that nobody revoked.
 *
 * Sources: AWS WAF Developer Guide, "Regex match rule statement" (3 WCUs), "String match rule statement" (2 WCUs for STARTS_WITH;
 * no text transformation costs nothing), "AWS WAF quotas" (200 characters in a pattern). Ten patterns in a set cost 25 and not 30,
 * but there are ten sets in an account, and they are written one by one: 3 % more sessions, that may be there in part.
 */
import type { FieldToMatch, Rule, Statement } from '@aws-sdk/client-wafv2';

const REGEX_WCU = 3;
const STARTS_WITH_WCU = 2;
const MAX_PATTERN = 200;

const ON_PATH: { FieldToMatch: FieldToMatch; TextTransformations: { Priority: number; Type: 'NONE' }[] } = {
  FieldToMatch: { UriPath: {} },
  TextTransformations: [{ Priority: 0, Type: 'NONE' }],
};

export interface Packed {
  rules: Rule[];
  /** Capacity units of the rules, as AWS WAF reckons them. */
  wcu: number;
}

/** Packs sessions, in whatever order: the same set gives the same rules. */
export function packRules(sessions: readonly string[]): Packed {
  const groups = densest([...new Set(sessions)].sort());
  return { rules: groups.map((group, i) => rule(group, i)), wcu: unitsOf(groups) };
}

/** The most of sessions, weightiest first, whose rules fit a capacity. */
export function packWithin(sessions: readonly string[], capacity: number): Packed & { held: string[] } {
  const isWithin = (count: number): boolean => unitsOf(densest(sessions.slice(0, count).sort())) <= capacity;
  let fits = 0;
  let tooMany = sessions.length + 1;
  while (tooMany - fits > 1) {
    // Doubled until it is too many: of a hundred thousand sessions only some thousand ever fit.
    const next = tooMany > sessions.length ? Math.min(sessions.length, Math.max(64, 2 * fits)) : (fits + tooMany) >> 1;
    if (isWithin(next)) fits = next;
    else tooMany = next;
  }
  const held = sessions.slice(0, fits);
  return { ...packRules(held), held };
}

/** The sessions that rules hold; undefined when one of them is not of ours. */
export function sessionsOf(rules: readonly Rule[]): string[] | undefined {
  const sessions: string[] = [];
  for (const { Statement } of rules) {
    const found = Statement === undefined ? undefined : sessionsOfStatement(Statement);
    if (found === undefined) return undefined;
    sessions.push(...found);
  }
  return sessions;
}

function unitsOf(groups: readonly (readonly string[])[]): number {
  return groups.reduce((sum, group) => sum + (group.length === 1 ? STARTS_WITH_WCU : REGEX_WCU), 0);
}

/**
 * Neighbours in order share beginnings, which a pattern names once. Ids of many lengths with nothing in common are packed
 * closer by their lengths.
 */
function densest(sorted: readonly string[]): string[][] {
  const inOrder = groupsInOrder(sorted);
  if (sorted.every(({ length }) => length === sorted[0]?.length)) return inOrder;
  const byLength = groupsByLength(sorted);
  return unitsOf(byLength) < unitsOf(inOrder) ? byLength : inOrder;
}

/** The longest first, each into the first group that has room. */
function groupsByLength(sorted: readonly string[]): string[][] {
  const groups: { left: number; sessions: string[] }[] = [];
  /** Groups before it have no room for a session of that length. */
  const from: number[] = [];
  for (const session of [...sorted].sort((a, b) => b.length - a.length)) {
    const needed = session.length + 1;
    let at = from[needed] ?? 0;
    while (at < groups.length && (groups[at]?.left ?? 0) < needed) at += 1;
    from[needed] = at;
    groups[at] ??= { left: MAX_PATTERN - patternOf([]).length + 1, sessions: [] };
    const group = groups[at] as (typeof groups)[number];
    group.left -= needed;
    group.sessions.push(session);
  }
  return groups.map(({ sessions }) => sessions.sort());
}

/** Sorted sessions in groups, each as large as a pattern allows. */
function groupsInOrder(sorted: readonly string[]): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  for (const session of sorted) {
    if (group.length > 0 && patternOf([...group, session]).length > MAX_PATTERN) {
      groups.push(group);
      group = [];
    }
    group.push(session);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** `^/(?:a|b)\.`, with what all of them begin with in front. Sessions hold no character that means anything else here. */
function patternOf(group: readonly string[]): string {
  const prefix = commonPrefix(group[0] ?? '', group.at(-1) ?? '');
  return `^/${prefix}(?:${group.map((session) => session.slice(prefix.length)).join('|')})\\.`;
}

/** Of sorted texts the first and the last differ the soonest. */
function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

function rule(group: readonly string[], at: number): Rule {
  const [first = ''] = group;
  return {
    Name: `sessions-${at}`,
    Priority: at,
    Action: { Block: {} },
    Statement:
      group.length === 1
        ? {
            ByteMatchStatement: {
              ...ON_PATH,
              SearchString: Buffer.from(`/${first}.`),
              PositionalConstraint: 'STARTS_WITH',
            },
          }
        : { RegexMatchStatement: { ...ON_PATH, RegexString: patternOf(group) } },
    // One metric for the whole group is enough, and samples would show the path, and with it live tokens.
    VisibilityConfig: { MetricName: `sessions-${at}`, CloudWatchMetricsEnabled: false, SampledRequestsEnabled: false },
  };
}

const PATTERN = /^\^\/([\w-]*)\(\?:([\w|-]*)\)\\\.$/;
const START = /^\/([\w-]+)\.$/;

function sessionsOfStatement({ RegexMatchStatement, ByteMatchStatement }: Statement): string[] | undefined {
  if (RegexMatchStatement !== undefined) {
    const [, prefix = '', ends] = PATTERN.exec(RegexMatchStatement.RegexString ?? '') ?? [];
    return ends?.split('|').map((end) => prefix + end);
  }
  const text = Buffer.from(ByteMatchStatement?.SearchString ?? '').toString();
  const session = START.exec(text)?.[1];
  return session === undefined ? undefined : [session];
}

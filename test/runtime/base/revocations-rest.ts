/** When all is told and nobody is at work any more, edge and rules are exactly what the table says, and so are the metrics. */
import type { RevocationRow } from '../../../runtime/sessions/revocation-row.ts';
import { packRules } from '../../../runtime/sessions/rule-packing.ts';
import { revocationKey } from '../../../runtime/token/revocation.ts';
import type { Revocations } from './revocations-model.ts';

/** From the end of a revocation until no clock says any more that it goes on. */
const UNCERTAIN = 241;
/** Seconds until a write is everywhere. */
const PROPAGATION = 300;

/** Hands over all records, without accidents. */
export async function tell(one: Revocations): Promise<void> {
  await one.drain();
  for (let batches = 0; one.waiting.length > 0; batches++) {
    if (batches > 1_000) throw new Error('the stream does not end');
    await one.whole('follow', { records: one.waiting.splice(0, 100), pick: batches });
  }
}

export async function rest(one: Revocations): Promise<void> {
  one.table.lagging = false;
  await tell(one);
  for (let end = nextEnd(one); end > 0; end = nextEnd(one)) await one.pass(end - one.world.now);
  await one.whole('sweep');
  if (one.isOwed) await one.whole('reconcile');
  one.isOwed = false;
  await tell(one);
  exact(one);
  // A mark may be there, which the first takes away; then nothing is left to do.
  await one.whole('reconcile');
  const before = one.world.calls.length;
  await one.whole('reconcile', { pick: 1 });
  const writes = one.world.calls.slice(before).filter(({ operation }) => /^Update/.test(operation));
  if (writes.length > 0) throw new Error(`there was something left to do: ${JSON.stringify(writes)}`);
  said(one, exact(one));
  one.world.calls.splice(0);
  one.world.keyValues.forgetBefore(one.world.now - PROPAGATION);
  await one.pass(PROPAGATION);
}

/** When it is certain of all revocations whether they are over; 0 where it is. */
function nextEnd(one: Revocations): number {
  const { now } = one.world;
  const ends = rowsOf(one).map(({ expires }) => expires);
  const [first] = ends.filter((end) => end <= now && now < end + UNCERTAIN).sort((a, b) => b - a);
  return first === undefined ? 0 : first + UNCERTAIN;
}

/** Rows of sessions that are refused, weightiest first. */
function rowsOf(one: Revocations): RevocationRow[] {
  return [...one.table.items.keys()]
    .map((session) => one.row(session))
    .filter((row): row is RevocationRow => row !== undefined && row !== 'malformed' && row.state === 'revoked')
    .sort(
      (a, b) =>
        Number(a.type === 'automatic') - Number(b.type === 'automatic') ||
        b.created - a.created ||
        (a.session < b.session ? -1 : 1),
    );
}

function exact(one: Revocations): { leftOut: number; notInRules: number } {
  const held = rowsOf(one);
  const malformed = new Set([...one.table.items.keys()].filter((session) => one.row(session) === 'malformed'));
  const leftOut = held.length - exactStore(one, held, malformed);
  const notInRules = one.setting.waf ? held.length - exactRules(one, held, malformed) : 0;
  return { leftOut, notInRules };
}

/** What the metrics say, who are asked when all has been decided anew. */
function said(one: Revocations, { leftOut, notInRules }: ReturnType<typeof exact>): void {
  const { RevocationsLeftOut, RuleGroupLeftOut = 0 } = one.said;
  if (RevocationsLeftOut !== leftOut)
    throw new Error(`${leftOut} are left out, and an alarm hears of ${RevocationsLeftOut}`);
  if (RuleGroupLeftOut !== notInRules)
    throw new Error(`${notInRules} are in no rule, and an alarm hears of ${RuleGroupLeftOut}`);
  one.count('rests');
  if (leftOut > 0) one.count('rests of a full store');
  if (notInRules > 0) one.count('rests of full rules');
}

/** How many the store holds of those that it should. */
function exactStore(one: Revocations, held: readonly RevocationRow[], malformed: ReadonlySet<string>): number {
  const kept = new Set([...malformed].map(revocationKey));
  const there = [...one.content.keys()].filter((key) => key.startsWith('r.') && key !== 'r.' && !kept.has(key));
  const keys = held.map(({ session }) => revocationKey(session));
  const { room = Number.POSITIVE_INFINITY } = one.setting;
  // The mark is nobody's, and goes with the next reconciliation.
  const others = [...one.content].filter(([key]) => key !== 'r.' && !there.includes(key));
  let left = room - others.flat().join('').length;
  const end = keys.findIndex((key) => {
    left -= key.length + 1;
    return left < 0;
  });
  const wanted = end === -1 ? keys : keys.slice(0, end);
  same(there, wanted, 'the edge has other sessions than the table');
  return wanted.length;
}

/** How many the rules hold. */
function exactRules(one: Revocations, held: readonly RevocationRow[], malformed: ReadonlySet<string>): number {
  const kept = one.world.rules().filter((session) => malformed.has(session));
  const there = one.world.rules().filter((session) => !malformed.has(session));
  const sessions = held.map(({ session }) => session);
  same(there, sessions.slice(0, there.length), 'rules have other sessions than the table');
  const { capacity } = one.setting;
  const next = sessions[there.length];
  if (next !== undefined && packRules([...kept, ...there, next]).wcu <= capacity)
    throw new Error(`there is room in the rules for ${next}`);
  return there.length;
}

function same(a: readonly string[], b: readonly string[], what: string): void {
  if ([...a].sort().join() !== [...b].sort().join()) throw new Error(`${what}: ${a.join()} and ${b.join()}`);
}

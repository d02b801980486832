/**
 * Revocations in motion: operators and the detection write rows; records of the stream arrive late, twice and in any order;
 * instances of the function stand still at any call, fail and die; edge locations lag, and clocks are off.
 *
 * What it checks is what viewers would see. Once a run has ended well that was told of a session, the session is refused, or is
 * not, as its row says, until the row says something else: whatever others do who began before.
 */
import { CONTROL_ID } from '../../../runtime/aws/control-item.ts';
import type { Found } from '../../../runtime/aws/revocation-table.ts';
import { STATE_KEY } from '../../../runtime/keys/state.ts';
import { rowOf } from '../../../runtime/sessions/revocation-row.ts';
import { packRules } from '../../../runtime/sessions/rule-packing.ts';
import { revocationKey } from '../../../runtime/token/revocation.ts';
import type { DataCall } from '../../helpers/aws/data/in-process.ts';
import type { StreamRecord, Table } from '../../helpers/aws/data/tables.ts';
import { Crash } from './keys-model.ts';
import { Operated } from './keys-operated.ts';
import { STORE, TABLE } from './keys-world.ts';
import { Accounts, unswept } from './revocations-accounts.ts';
import { type Fate, Instances, type Run } from './revocations-instances.ts';
import { Promises, type Said } from './revocations-promises.ts';
import { JUNK, onlyStrange, passedOver } from './revocations-quarantine.ts';
import { GROUP, type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

export interface Setting {
  /** Seconds until a write arrives at each edge location. */
  lags: number[];
  /** By how many seconds the clocks of instances are off. */
  skews: number[];
  waf: boolean;
  /** Of the rule group. */
  capacity: number;
  /** Bytes that the store may have. */
  room?: number | undefined;
  /** Whether the store minds the deletion of a key that is not there. */
  strict: boolean;
  /** The keys of the same deployment, in the same store. */
  keys?: ConstructorParameters<typeof Operated>[0] | undefined;
}

export interface Going {
  /** Of calls; all if unset. */
  halves?: number;
  fate?: Fate;
  /** Where several calls are under way at once. */
  which?: 'first' | 'last';
}

/** What a worker waits after a row's end, for its clock may be ahead. */
const SKEW = 120;
/** Bytes and WCUs without which a place is full. */
const SPARE_BYTES = 25;
const SPARE_WCU = 6;
/** What runs may end with after accidents. Anything else is a mistake. */
const EXPECTED = /^(Crash|ThrottlingException|ConflictError|TimeoutError)$/;
/** A key that a worker may write so that a store is another one, where it minds the deletion of what is not there. */
const MARK = 'r.';

export class Revocations {
  readonly world: RevocationsWorld;
  readonly setting: Setting;
  readonly keys: Operated | undefined;
  readonly instances: Instances;
  readonly store = new Promises('the store');
  readonly rules = new Promises('rules');
  /** Records that wait to be handed over. */
  readonly waiting: StreamRecord[] = [];
  /** The last values of metrics. */
  readonly said: Record<string, number> = {};
  /** Whether something happened that only a reconciliation makes good. */
  isOwed = false;
  steps = 0;
  /** How often what happened, so that a reader sees that it did. */
  readonly seen: Record<string, number> = {};
  readonly #accounts = new Accounts();
  readonly #litter = new Set<string>([MARK]);
  readonly #rulesSeen: [number, ReadonlySet<string>][] = [];
  #wipes = 0;
  #stores = 0;
  #messages = 0;
  #fault: Error | undefined;

  constructor(setting: Setting) {
    const { capacity, room, strict, keys, waf, skews } = setting;
    this.setting = setting;
    this.keys = keys === undefined ? undefined : new Operated(keys);
    this.world = revocationsWorld({
      capacity,
      ...(room === undefined ? {} : { room }),
      ...(this.keys === undefined ? {} : { beside: this.keys.world }),
    });
    this.world.keyValues.watched = () => true;
    this.world.keyValues.strict = strict;
    // Small pages, so that there are some to turn.
    this.world.keyValues.page = 3;
    this.world.tables.page = 400;
    this.world.tables.batch = 600;
    this.instances = new Instances((skew, weather) => this.world.worker({ waf, skew, weather }), skews, {
      begun: (run) => this.#begun(run),
      ended: (run, counts) => this.#ended(run, counts),
      failed: (run, error) => this.#failed(run, error),
      called: (call, run) => this.#called(call, run),
      count: (what) => this.count(what),
    });
  }

  async start(): Promise<void> {
    if (this.keys === undefined) this.#putState();
    else await this.keys.start();
  }

  get table(): Table {
    return this.world.tables.table(TABLE);
  }

  get content(): ReadonlyMap<string, string> {
    return this.world.keyValues.content(this.world.arn);
  }

  row(session: string): Said {
    const item = this.table.items.get(session);
    return item === undefined ? undefined : found(item);
  }

  count(what: string, times = 1): void {
    this.seen[what] = (this.seen[what] ?? 0) + times;
  }

  /** Lets one call go on, or meet with an accident. */
  async go(pick: number, fate: Fate): Promise<void> {
    const { gates } = this.instances;
    await this.instances.parked();
    const at = pick % Math.max(1, gates.length + (this.keys?.waiting ?? 0));
    if (at < gates.length) {
      this.steps += 1;
      await this.instances.go(at, fate);
    } else await this.keys?.go(at - gates.length, fate);
    this.check();
  }

  /** Lets one run go on by so many halves of calls, while everybody else stands still; every one of them meets with `fate`. */
  async let(run: Run, { halves = Number.POSITIVE_INFINITY, fate = 'on', which = 'first' }: Going = {}): Promise<void> {
    for (let i = 0; i < halves; i++) {
      const at = await this.instances.placeOf(run, which);
      if (at === -1) return;
      if (i > 20_000) throw new Error('it does not end');
      await this.go(at, fate);
    }
  }

  /** From beginning to end, while everybody else stands still. */
  async whole(...event: Parameters<Instances['begin']>): Promise<void> {
    await this.let(this.instances.begin(...event));
  }

  /** Lets all that is under way end without further accidents. */
  async drain(): Promise<void> {
    for (let calls = 0; this.instances.busy; calls++) {
      if (calls > 50_000) throw new Error('it does not end');
      await this.go(0, 'on');
    }
    await this.keys?.drain();
    this.check();
  }

  /** Lets time pass, with viewers coming all the while. */
  async pass(seconds: number): Promise<void> {
    this.steps += 1;
    const { now } = this.world;
    const end = now + seconds;
    const ends = [...this.table.items.values()].flatMap(({ expires }) => [Number(expires?.N) - 1, Number(expires?.N)]);
    const moments = [now + 1, ...this.setting.lags.flatMap((lag) => [now + lag, now + lag + 1]), ...ends, end]
      .filter((time) => time > now && time <= end)
      .sort((a, b) => a - b);
    for (const moment of new Set(moments)) {
      if (this.keys === undefined) this.world.now = moment;
      else await this.keys.pass(moment - this.world.now);
      this.check();
    }
  }

  /** Takes note of what was written to the table. */
  hear(): void {
    for (const record of this.table.stream.splice(0)) {
      const session = record.dynamodb.Keys.id?.S as string;
      const { OldImage, NewImage } = record.dynamodb;
      const before = OldImage === undefined ? undefined : found(OldImage);
      const after = NewImage === undefined ? undefined : found(NewImage);
      this.waiting.push(record);
      if (session === CONTROL_ID) continue;
      this.#accounts.note(session, after);
      if (after === undefined && before !== undefined && before !== 'malformed' && before.expires > this.world.now)
        throw new Error(`the row of ${session} was removed before its time`);
      for (const place of [this.store, this.rules]) place.changed(session, { before, after, now: this.world.now });
    }
  }

  /** Throws when a viewer sees what nobody wants. */
  check(): void {
    this.hear();
    if (this.#fault !== undefined) throw this.#fault;
    this.#look();
    if (this.storeIsFull) this.store.forget();
    if (this.rulesAreFull) this.rules.forget();
    const { now } = this.world;
    const { lags, waf } = this.setting;
    for (const place of [this.store, this.rules]) place.expire((session) => this.row(session), now);
    let viewers = this.store.check((session, time) => this.#storeHas(session, time), { now, lags });
    if (waf) viewers += this.rules.check((session, time) => this.#rulesAt(time).has(session), { now, lags });
    this.count('viewers', viewers);
    const { revoked, malformed } = this.#accounts;
    const known = new Set([...revoked, ...malformed].map(revocationKey));
    for (const key of this.content.keys())
      if (key.startsWith('r.') && !known.has(key) && !this.#litter.has(key))
        throw new Error(`nobody has revoked ${key}`);
    for (const session of this.#rulesAt(now))
      if (!revoked.has(session)) throw new Error(`nobody has revoked ${session}, and a rule refuses it`);
    // While somebody is at work, keys of others may be there that nobody has listed. What people wrote, the worker does not answer for.
    const most = (this.setting.room ?? Number.POSITIVE_INFINITY) + this.#litter.size * SPARE_BYTES;
    if (!this.instances.busy && !this.isOwed && this.#bytes() > most) throw new Error('the store has more than it may');
    if (this.keys === undefined && this.content.get(STATE_KEY) !== 'state')
      throw new Error('the edge state was touched');
    const { messages } = this.world.queues;
    this.count('put aside', onlyStrange(messages.slice(this.#messages), malformed));
    this.#messages = messages.length;
  }

  /** Sessions whose rows say that they are refused, if only by a clock that is late. */
  get revokedRows(): string[] {
    return [...this.table.items].flatMap(([session, item]) => {
      const row = found(item);
      return row !== 'malformed' && row.state === 'revoked' ? [session] : [];
    });
  }

  /** Whether there may be no room for all that is there or should be. */
  get storeIsFull(): boolean {
    const { room } = this.setting;
    if (room === undefined) return false;
    const missing = this.revokedRows.map(revocationKey).filter((key) => !this.content.has(key));
    return this.#bytes() + missing.reduce((sum, key) => sum + key.length + 1, 0) + SPARE_BYTES > room;
  }

  #bytes(): number {
    return [...this.content].flat().join('').length;
  }

  get rulesAreFull(): boolean {
    const { capacity, waf } = this.setting;
    // Too few sessions are in the model for a group of usual size.
    if (!waf || capacity > 1_000) return false;
    return packRules([...this.world.rules(), ...this.revokedRows]).wcu + SPARE_WCU > capacity;
  }

  /** A new store in place of the one there was, and new instances that are told of it. */
  newStore(): void {
    const { world } = this;
    this.#stores += 1;
    world.arn = STORE.replace(/\d{12}$/, String(this.#stores).padStart(12, '0'));
    world.keyValues.create(world.arn);
    this.#putState();
    this.instances.replace();
    this.store.forget();
    this.isOwed = true;
    this.count('new stores');
  }

  /** All rules are gone, or are somebody else's. */
  wipe(rules: object[]): void {
    this.world.ruleGroups.wipe(GROUP, rules as never);
    this.#wipes += 1;
    this.rules.forget();
    this.count('wiped rules');
  }

  /** A key that somebody wrote into the store, of a session that has no row. */
  litter(session: string): void {
    const { keyValues, arn } = this.world;
    if (this.row(session) !== undefined) return;
    const { ETag } = keyValues.call('DescribeKeyValueStore', { KvsARN: arn }) as { ETag: string };
    keyValues.call('PutKey', { KvsARN: arn, Key: revocationKey(session), Value: '1', IfMatch: ETag });
    this.#litter.add(revocationKey(session));
    this.#accounts.note(session, undefined);
    this.store.passes.delete(session);
    this.isOwed = true;
    this.count('litter');
  }

  /** Records that became too old are lost. */
  lose(): void {
    const lost = this.waiting.splice(0).length;
    if (lost > 0) this.isOwed = true;
    this.count('records lost', lost);
  }

  /** The worker writes keys of revocations and no others, and removes no row whose revocation it has left at the edge. */
  #called({ service, operation, input }: DataCall, run: Run | undefined): void {
    const begin = this.#accounts.of(run);
    if (operation === 'DeleteItem') {
      const { S: session } = (input as { Key: { id: { S: string } } }).Key.id;
      begin?.removed.add(session);
      if (begin?.isAlone && this.content.has(revocationKey(session)))
        this.#fault ??= new Error(`the row of ${session} is removed, and its revocation goes on`);
    }
    if (service !== 'cloudfront-keyvaluestore' || !/^(Update|Put|Delete)/.test(operation)) return;
    const {
      Puts = [],
      Deletes = [],
      Key = MARK,
    } = input as Readonly<Record<'Puts' | 'Deletes', { Key: string }[]>> & {
      Key?: string;
    };
    for (const { Key: key } of [...(Puts ?? []), ...(Deletes ?? []), { Key }])
      if (!key.startsWith('r.')) this.#fault ??= new Error(`the worker wrote ${key}`);
  }

  #begun(run: Run): void {
    this.hear();
    const over =
      run.task === 'sweep' && !this.table.lagging ? this.#over(this.world.now + run.instance.skew) : new Map();
    this.#accounts.begin(run, { wipes: this.#wipes, arn: this.world.arn, over });
    this.count(run.task);
  }

  #over(now: number): Map<string, string> {
    const over = new Map<string, string>();
    for (const [session, item] of this.table.items) {
      const row = found(item);
      const isOver = row !== 'malformed' && row.state === 'revoked' && row.expires + SKEW <= now;
      if (isOver) over.set(session, JSON.stringify(item));
    }
    return over;
  }

  #ended(run: Run, counts: Readonly<Record<string, number>>): void {
    this.hear();
    Object.assign(this.said, counts);
    if (counts.RulesFailed !== undefined && !run.isTroubled) this.#fault ??= new Error('rules failed in fair weather');
    const begin = this.#accounts.end(run);
    const told = this.#accounts.toldOf(run, begin);
    const isRulesDone = counts.RulesFailed === undefined && begin.wipes === this.#wipes && !this.rulesAreFull;
    const isStoreDone = begin.arn === this.world.arn && run.task !== 'sweep' && !this.storeIsFull;
    for (const session of told) {
      if (isStoreDone) this.store.keep(session, this.row(session), this.world.now);
      if (isRulesDone) this.rules.keep(session, this.row(session), this.world.now);
    }
    if (run.task === 'sweep' && begin.arn === this.world.arn) {
      const wrong = unswept(begin, { items: this.table.items, content: this.content });
      if (wrong !== undefined) this.#fault ??= new Error(wrong);
      this.count('swept', begin.removed.size);
    }
    if (run.task !== 'follow') return;
    const malformed = told.filter((session) => this.row(session) === 'malformed');
    const missing = passedOver(this.world.queues.messages, { records: run.records, malformed });
    if (missing !== undefined) this.#fault ??= new Error(`${missing} is passed over in silence`);
  }

  #failed(run: Run, error: unknown): void {
    this.#accounts.end(run);
    this.count('failed runs');
    // Records are handed over again; a task is done the next time.
    if (run.task !== 'follow') this.isOwed = true;
    this.waiting.push(...run.records.filter(({ eventID }) => !eventID.startsWith(JUNK)));
    const name = error instanceof Crash ? 'Crash' : String((error as Error | undefined)?.name);
    if (!EXPECTED.test(name) || !run.isTroubled)
      this.#fault ??= error instanceof Error ? error : new Error(String(error));
  }

  #storeHas(session: string, time: number): boolean {
    return this.world.keyValues.seenAt(this.world.arn, revocationKey(session), time) !== undefined;
  }

  #rulesAt(time: number): ReadonlySet<string> {
    return this.#rulesSeen.findLast(([written]) => written <= time)?.[1] ?? NOBODY;
  }

  #look(): void {
    if (!this.setting.waf) return;
    const rules = this.world.rules();
    const last = this.#rulesSeen.at(-1)?.[1] ?? NOBODY;
    if (rules.length === last.size && rules.every((session) => last.has(session))) return;
    this.#rulesSeen.push([this.world.now, new Set(rules)]);
  }

  #putState(): void {
    const { keyValues, arn } = this.world;
    const { ETag } = keyValues.call('DescribeKeyValueStore', { KvsARN: arn }) as { ETag: string };
    keyValues.call('PutKey', { KvsARN: arn, Key: STATE_KEY, Value: 'state', IfMatch: ETag });
  }
}

const NOBODY: ReadonlySet<string> = new Set();

export function found(item: object): Found {
  return rowOf(item as never) ?? 'malformed';
}

/**
 * A deployment in motion: edge locations that lag, issuers that know what they read up to five minutes ago, clocks that
 * are off, and workers each of which stands still before and after every call to AWS until it is let go, fails, or dies there.
 *
 * What it checks is what viewers would see: no unexpired token is refused because its key is not known, but those of a key
 * that was killed.
 */

import { begin } from '../../../runtime/base/key-steps.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import type { KeysEvent } from '../../../runtime/base/keys-command.ts';
import { type IssuerRecord, parseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { decodeState, STATE_KEY } from '../../../runtime/keys/state.ts';
import { type DataCall, LostAnswer } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { ISSUER_RECORD, type KeysWorld, keysWorld, SETTINGS, STORE } from './keys-world.ts';

/** Seconds. */
const MAX_AGE = 300;

interface Gate {
  worker: number;
  call: DataCall;
  when: 'before' | 'after';
  resolve(): void;
  reject(error: unknown): void;
}

interface Location {
  /** Seconds until a write arrives. */
  lag: number;
  skew: number;
}

interface Issuer {
  skew: number;
  known?: { record: IssuerRecord; read: number };
}

interface Minted {
  kid: string;
  iat: number;
  exp: number;
}

/** A worker's process has ended. */
export class Crash extends Error {}

export class Deployment {
  readonly world: KeysWorld = keysWorld();
  readonly locations: Location[];
  readonly issuers: Issuer[];
  readonly killed = new Set<string>();
  readonly ids = new Set<string>();
  tokens: Minted[] = [];
  /** Longest lifetime that issuers know; the functions know of a longer one first. */
  lifetime = SETTINGS.longestLifetime;
  /** What was asked for and answered: it must never be lost. */
  voidBefore = 0;
  /** Steps of the model that were done. */
  steps = 0;
  /** How often what happened, so that a reader sees that it did. */
  readonly seen = { rotations: 0, kills: 0, crashes: 0, tokens: 0 };
  readonly #gates: Gate[] = [];
  #workers = 0;
  readonly #running = new Set<Promise<unknown>>();

  constructor({ locations, issuers }: { locations: Location[]; issuers: number[] }) {
    this.locations = locations;
    this.issuers = issuers.map((skew) => ({ skew }));
  }

  async start(): Promise<void> {
    await begin(this.world.keeper());
    this.#note();
    // The first state reaches all locations before there is anything to lose.
    await this.pass(600);
  }

  get waiting(): number {
    return this.#gates.length;
  }

  /** Lets somebody do something, call by call. What becomes of it is looked at, not waited for. Gives the worker's number. */
  work(event: KeysEvent | 'begin', skew: number): number {
    const worker = ++this.#workers;
    const stop = (when: Gate['when']) => (call: DataCall) =>
      new Promise<void>((resolve, reject) => this.#gates.push({ worker, call, when, resolve, reject }));
    const keeper = this.world.keeper({ skew, weather: { before: stop('before'), after: stop('after') } });
    const done = (event === 'begin' ? begin(keeper) : handleKeys(event, keeper)).then(
      () => {
        if (event !== 'begin' && event.step === 'void') this.voidBefore = Math.max(this.voidBefore, event.before ?? 0);
      },
      // A refusal, or the end of the process: whatever it leaves behind has to be right.
      () => {},
    );
    const running = done.finally(() => this.#running.delete(running));
    this.#running.add(running);
    return worker;
  }

  /** Lets somebody do something from beginning to end, while everybody else stands still. */
  async whole(event: KeysEvent | 'begin', skew: number): Promise<void> {
    await this.let(this.work(event, skew), Number.POSITIVE_INFINITY);
  }

  /** Lets one worker go on, by so many halves of calls, while everybody else stands still. */
  async let(worker: number, halves: number): Promise<void> {
    for (let i = 0; i < halves; i++) {
      await settled();
      const at = this.#gates.findIndex((gate) => gate.worker === worker);
      if (at === -1) return;
      await this.go(at, 'on');
    }
  }

  /** Id of the key that signs. */
  get signing(): string | undefined {
    return this.world.record().keys.find(({ state }) => state === 'signing')?.kid;
  }

  /** Lets one call go on, or meet with an accident. */
  async go(pick: number, fate: 'on' | 'crash' | 'throttle' | 'conflict' | 'lost'): Promise<void> {
    await settled();
    const gate = this.#gates.splice(pick % Math.max(1, this.#gates.length), 1)[0];
    if (gate === undefined) return;
    this.steps += 1;
    const { operation } = gate.call;
    if (fate === 'crash') {
      this.seen.crashes += 1;
      gate.reject(new Crash());
    } else if (fate === 'lost') gate.reject(new LostAnswer());
    else if (fate === 'throttle' && gate.when === 'before')
      gate.reject(new AwsError('ThrottlingException', 'slow down'));
    else if (fate === 'conflict' && gate.when === 'before' && operation === 'UpdateKeys')
      gate.reject(new AwsError('ConflictException', 'conflict', { status: 409 }));
    else gate.resolve();
    await settled();
    this.#note();
  }

  /** Lets all that is under way end without further accidents. */
  async drain(): Promise<void> {
    for (let calls = 0; this.#running.size > 0; calls++) {
      if (calls > 5_000) throw new Error('it does not end');
      await this.go(0, 'on');
    }
  }

  /** Lets time pass, with viewers coming all the while. */
  async pass(seconds: number): Promise<void> {
    this.steps += 1;
    const end = this.world.now + seconds;
    const written = this.world.keyValues.writes(STORE, STATE_KEY);
    const arrivals = written.flatMap((time) => this.locations.map(({ lag }) => time + lag));
    const moments = [this.world.now + 1, this.world.now + MAX_AGE - 1, ...arrivals, end]
      .filter((time) => time > this.world.now && time <= end)
      .sort((a, b) => a - b);
    for (const moment of moments) {
      this.world.now = moment;
      for (const issuer of this.issuers) this.#issue(issuer, moment === end);
      this.check();
    }
  }

  /** Throws when a viewer would be refused for no fault of theirs. */
  check(): void {
    const { now, keyValues } = this.world;
    for (const { lag, skew } of this.locations) {
      const state = decodeState(keyValues.seenAt(STORE, STATE_KEY, now - lag) ?? '');
      const kids = state?.keys.map(({ kid }) => kid) ?? [];
      this.tokens = this.tokens.filter(({ exp }) => exp + 600 > now);
      for (const { kid, iat, exp } of this.tokens)
        if (exp > now + skew && !this.killed.has(kid) && !kids.includes(kid))
          throw new Error(
            `a token of ${kid} (issued ${now - iat} s ago, valid for ${exp - now} s) is refused: the edge has ${kids.join()}`,
          );
    }
  }

  /** After everything has come to rest: one run finishes what was begun. */
  async finish(): Promise<void> {
    await this.drain();
    for (const step of ['prepare', 'remove', 'prepare']) {
      this.work({ step }, 0);
      await this.drain();
    }
    this.followed();
    if (this.world.state().voidBefore < this.voidBefore) throw new Error('"void before" was lost');
    await this.pass(300);
  }

  /** Throws unless edge state and issuer record are what follows from the key record. */
  followed(): void {
    const record = this.world.record();
    const live = record.keys.filter((key) => key.state !== 'gone').map(({ kid }) => kid);
    equal(
      new Set(this.world.state().keys.map(({ kid }) => kid)),
      new Set(live),
      'the edge has other keys than the record',
    );
    equal(this.#issuerRecord()?.kid, this.signing, 'issuers are told of another key than the one that signs');
  }

  #issue(issuer: Issuer, mayRead: boolean): void {
    const { now } = this.world;
    if (issuer.known === undefined || mayRead || now - issuer.known.read >= MAX_AGE) {
      const record = this.#issuerRecord();
      if (record !== undefined) issuer.known = { record, read: now };
    }
    const known = issuer.known;
    if (known === undefined || now - known.read >= MAX_AGE) return;
    const iat = now + issuer.skew;
    const { kid, signFrom, signUntil } = known.record;
    if (iat < signFrom || iat >= signUntil) return;
    // The longest and a short one: what lies between says no more.
    for (const lifetime of [this.lifetime, 60]) this.tokens.push({ kid, iat, exp: iat + lifetime });
    this.seen.tokens += 2;
    if (this.tokens.length > 400) this.tokens = thin(this.tokens);
  }

  #issuerRecord(): IssuerRecord | undefined {
    const text = this.world.secrets.current(ISSUER_RECORD);
    return text === undefined ? undefined : parseIssuerRecord(text);
  }

  /** What nobody may take back. */
  #note(): void {
    const record = this.world.record();
    for (const { kid } of this.world.state()?.keys ?? []) this.ids.add(`${kid} was at the edge`);
    for (const key of record.keys)
      if (key.state === 'spare' && key.published !== undefined && !this.ids.has(`${key.kid} was at the edge`))
        throw new Error(`${key.kid} is said to be at the edge, and never was`);
    for (const { kid, state } of record.keys) {
      if (state === 'gone' && this.#wasLive(kid)) this.ids.add(`${kid} gone`);
      else if (state !== 'gone' && this.ids.has(`${kid} gone`)) throw new Error(`the id ${kid} came back`);
    }
    if (record.keys.filter(({ state }) => state !== 'gone').length > 5) throw new Error('more than five live keys');
    const { signing } = this;
    if (signing !== undefined && !this.ids.has(`${signing} signs`)) {
      this.ids.add(`${signing} signs`);
      this.seen.rotations += 1;
    }
  }

  #wasLive(kid: string): boolean {
    return !this.ids.has(`${kid} gone`);
  }
}

/** Keeps the tokens that live longest of each key: when these pass, the others do. */
function thin(tokens: Minted[]): Minted[] {
  const longest = [...tokens].sort((a, b) => b.exp - a.exp);
  const count = new Map<string, number>();
  return longest.filter(({ kid }) => {
    count.set(kid, (count.get(kid) ?? 0) + 1);
    return (count.get(kid) ?? 0) <= 20;
  });
}

function equal(a: unknown, b: unknown, what: string): void {
  const text = (value: unknown): string => JSON.stringify(value instanceof Set ? [...value].sort() : value);
  if (text(a) !== text(b)) throw new Error(`${what}: ${text(a)}, ${text(b)}`);
}

/** All that can happen without another call has happened. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * The steps of the workflow of keys. Each brings key record, edge state and issuer record closer to where they should be, leaves
 * them right wherever it is cut off, and may run at any time, any number of times, beside others.
 *
 * What follows from the key record is written on condition of a version that was read before the record was: so that
 * nobody who was slow puts back what somebody else has moved on.
 */
import type { ControlItem } from '../aws/control-item.ts';
import type { KeyValueStore } from '../aws/key-value-store.ts';
import type { SecretStore } from '../aws/secret-store.ts';
import { type Patience, tryAgain } from '../aws/try-again.ts';
import { type Control, edgeStateOf, issuerRecordOf } from '../keys/follow.ts';
import { serialiseIssuerRecord } from '../keys/issuer-record.ts';
import { type KeyRecord, parseKeyRecord, serialiseKeyRecord } from '../keys/key-record.ts';
import {
  firstRecord,
  isFull,
  isLive,
  type NewKey,
  signingKey,
  withGrownSettings,
  withIssuersMoved,
  withNextSigning,
  withoutExpired,
  withoutKey,
  withPublished,
  withSpare,
} from '../keys/rotation.ts';
import type { RotationSettings } from '../keys/rotation-times.ts';
import { STATE_KEY } from '../keys/state.ts';
import { KeysRefusal } from './keys-refusal.ts';

/** Everything the steps work on. */
export interface Keeper {
  audience: string;
  settings: RotationSettings;
  keyRecord: SecretStore;
  issuerRecord: SecretStore;
  store: KeyValueStore;
  control: ControlItem;
  /** Seconds since 1970. */
  now(): number;
  makeKey(): NewKey;
  patience?: Patience;
}

/** What a step leaves behind. */
export interface Kept {
  record: KeyRecord;
  control: Control;
}

/** Sees to a spare that is at the edge, to a key that signs, and to settings that grew. The first of all steps of a deployment. */
export async function prepare(keeper: Keeper): Promise<Kept> {
  await change(keeper, (record, now) =>
    withSpare(withGrownSettings(record, { now, settings: keeper.settings }), { make: keeper.makeKey, now }),
  );
  await publish(keeper);
  return settle(keeper);
}

/** Makes the first key where there is none yet. What is there already stays, whatever it says; an empty text says nothing. */
export async function begin(keeper: Keeper): Promise<Kept> {
  const { version, text } = await keeper.keyRecord.read();
  if (version === undefined || text === '') {
    const first = firstRecord(keeper.audience, { key: keeper.makeKey(), now: keeper.now() });
    // When somebody else was first, theirs is the record.
    await keeper.keyRecord.replace(version, serialiseKeyRecord(first));
  }
  // Twice: the first key signs before there is a spare.
  await prepare(keeper);
  return prepare(keeper);
}

/**
 * Lets the spare sign in place of `from`, if that is still the one that signs; without `from` when the rotation is due. Throws
 * a refusal when `from` goes on signing: a rotation that was wanted and did not take place must not look like one that did.
 */
export async function sign(keeper: Keeper, from: string | undefined): Promise<Kept> {
  const { settings } = keeper;
  const record = await change(keeper, (current, now) => {
    const force = from !== undefined && signingKey(current)?.kid === from;
    // Grown settings first: what is noted of the key before it is all that will be known of its tokens.
    return withNextSigning(withGrownSettings(current, { now, settings }), { now, settings, force });
  });
  if (from !== undefined && signingKey(record)?.kid === from) throw stuck(record);
  return settle(keeper);
}

function stuck(record: KeyRecord): KeysRefusal {
  return isFull(record)
    ? new KeysRefusal('too_many_keys', 'All five keys are live; none is taken away before its tokens have expired.')
    : new KeysRefusal('spare_not_known_everywhere', 'Some edge location may not know the next key yet.');
}

/** Removes keys of which no token can be valid any more. */
export async function remove(keeper: Keeper): Promise<Kept> {
  await change(keeper, withoutExpired);
  return publish(keeper);
}

/**
 * Removes a key at once. Throws a refusal where no key has that id. One that is gone by the record may still be at the edge,
 * when whoever removed it was cut off: the workflow tries this step again, and so does an operator.
 */
export async function kill(keeper: Keeper, kid: string): Promise<Kept> {
  await change(keeper, (record, now) => {
    const { settings, makeKey: make } = keeper;
    const without = withoutKey(record, { kid, now, settings, make });
    if (without !== undefined) return without;
    if (record.keys.some((key) => key.kid === kid)) return record;
    throw new KeysRefusal('key_not_found', `No key has the id ${JSON.stringify(kid)}.`);
  });
  await publish(keeper);
  await settle(keeper);
  // A spare again, so that the next leaked key can be replaced at once too.
  return prepare(keeper);
}

/** Refuses tokens issued before a time. The time only rises. */
export async function voidBefore(keeper: Keeper, time: number): Promise<Kept> {
  if (time > keeper.now()) throw new KeysRefusal('time_in_future', 'Only tokens issued until now can be made void.');
  await look(keeper);
  await keeper.control.raiseVoidBefore(time);
  return publish(keeper);
}

/** Puts a mode in place of the configured ones until a time, or takes it away. */
export async function override(
  keeper: Keeper,
  wanted: { mode: 'enforce' | 'report'; until: number } | undefined,
): Promise<Kept> {
  if (wanted !== undefined && wanted.until <= keeper.now())
    throw new KeysRefusal('time_in_past', 'The end of the mode has passed already.');
  await look(keeper);
  await keeper.control.setOverride(wanted);
  // Even where it is there already: somebody slow may be about to write what the wish was before, on an ETag that must be gone.
  return publish(keeper, { always: true });
}

/** What is kept, without a change. Throws where a wish could not get to the edge: it is not noted then, to come true later. */
export async function look(keeper: Keeper): Promise<Kept> {
  return { record: (await readRecord(keeper)).record, control: await keeper.control.read() };
}

/** After the edge has what it needs: the first key signs, issuers hear of the key that signs, retired keys get their end. */
async function settle(keeper: Keeper): Promise<Kept> {
  const { settings } = keeper;
  await change(keeper, (record, now) =>
    signingKey(record) === undefined ? withNextSigning(record, { now, settings, force: true }) : record,
  );
  const issuerKid = await publishIssuer(keeper);
  if (issuerKid !== undefined)
    await change(keeper, (record, now) => withIssuersMoved(record, { now, settings, issuerKid }));
  return publish(keeper);
}

/** Writes the edge state, and notes of which keys it was the first one. */
async function publish(keeper: Keeper, { always = false } = {}): Promise<Kept> {
  const { control, store } = keeper;
  const kept = await tryAgain<Kept>(
    async () => {
      const { etag } = await store.describe();
      const { record } = await readRecord(keeper);
      const wishes = await control.read();
      const state = edgeStateOf(record, { control: wishes, now: keeper.now() });
      if (always || (await store.get(STATE_KEY)) !== state) {
        const done = await store.write({ etag, puts: { [STATE_KEY]: state } });
        if (done === 'conflict') return done;
      }
      return { record, control: wishes };
    },
    { what: 'edge state', ...(keeper.patience === undefined ? {} : { patience: keeper.patience }) },
  );
  const kids = kept.record.keys.filter(isLive).map(({ kid }) => kid);
  const record = await change(keeper, (current, now) => withPublished(current, { kids, now }));
  return { ...kept, record };
}

/** Writes the issuer record; the id of the key that it names now. */
async function publishIssuer(keeper: Keeper): Promise<string | undefined> {
  return tryAgain<string | undefined>(
    async () => {
      const { text, version } = await keeper.issuerRecord.read();
      const { record } = await readRecord(keeper);
      const issuer = issuerRecordOf(record);
      if (issuer === undefined) return undefined;
      const wanted = serialiseIssuerRecord(issuer);
      if (text === wanted) return issuer.kid;
      const done = await keeper.issuerRecord.replace(version, wanted);
      return done === 'conflict' ? done : issuer.kid;
    },
    { what: 'issuer record', ...(keeper.patience === undefined ? {} : { patience: keeper.patience }) },
  );
}

/** Changes the key record. A step that is asked again sees what others did in between, and its own change, if that was done. */
async function change(keeper: Keeper, step: (record: KeyRecord, now: number) => KeyRecord): Promise<KeyRecord> {
  let tried: string | undefined;
  return tryAgain<KeyRecord>(
    async () => {
      const { record, text, version } = await readRecord(keeper);
      // The answer to our own write was lost: AWS took it.
      if (text === tried) return record;
      const changed = step(record, keeper.now());
      if (changed === record) return record;
      tried = serialiseKeyRecord(changed);
      const done = await keeper.keyRecord.replace(version, tried);
      return done === 'conflict' ? done : changed;
    },
    { what: 'key record', ...(keeper.patience === undefined ? {} : { patience: keeper.patience }) },
  );
}

/** Throws a `RecordError` when the secret holds anything but the key record of this deployment: nothing is written then. */
async function readRecord({
  keyRecord,
  audience,
}: Keeper): Promise<{ record: KeyRecord; text: string; version: string | undefined }> {
  const { text, version } = await keyRecord.read();
  if (text === undefined) throw new KeysRefusal('record_missing', 'There is no key record yet.');
  const record = parseKeyRecord(text);
  if (record.audience !== audience)
    throw new KeysRefusal('record_of_another', `The key record is not that of ${audience}.`);
  return { record, text, version };
}

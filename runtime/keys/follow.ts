/** What follows from the key record: the edge state, and the issuer record. */
import type { IssuerRecord } from './issuer-record.ts';
import type { KeyRecord } from './key-record.ts';
import { isLive, signingKey } from './rotation.ts';
import { SKEW } from './rotation-times.ts';
import { type EdgeState, encodeState, type ModeOverride } from './state.ts';

/** What an operator asked for, kept in the control item of the revocation table. */
export interface Control {
  /** Tokens issued before this time (seconds since 1970) are refused; 0 voids none. */
  voidBefore: number;
  override?: ModeOverride;
}

const RANK = ['signing', 'spare', 'retiring'];

/** The edge state's text. An override that every clock has seen the end of is left out. Throws on what does not fit. */
export function edgeStateOf(record: KeyRecord, { control, now }: { control: Control; now: number }): string {
  const keys = record.keys
    .flatMap((key) => (isLive(key) && key.state !== 'gone' ? [key] : []))
    .sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state))
    .map(({ kid, sign, bind }) => ({ kid, sign, bind }));
  const state: EdgeState = { audience: record.audience, keys, voidBefore: control.voidBefore };
  const { override } = control;
  if (override !== undefined && override.until + 2 * SKEW > now) state.override = override;
  return encodeState(state);
}

/** The issuer record; undefined while no key signs. */
export function issuerRecordOf(record: KeyRecord): IssuerRecord | undefined {
  const key = signingKey(record);
  if (key === undefined) return undefined;
  const { kid, sign, bind, signFrom, signUntil } = key;
  return { version: 1, audience: record.audience, kid, sign, bind, signFrom, signUntil };
}

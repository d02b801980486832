/** What may be told of keys: ids, states and times, never a key. It is the answer of every step, and what metrics are made of. */
import type { RecordedKey } from '../keys/key-record.ts';
import { isLive, publishedSpare, signingKey } from '../keys/rotation.ts';
import { dueFrom, knownFrom, type RotationSettings } from '../keys/rotation-times.ts';
import type { Kept } from './key-steps.ts';

/** Times are seconds since 1970. */
export interface KeyView {
  kid: string;
  state: RecordedKey['state'];
  created: number;
  published?: number;
  signFrom?: number;
  signUntil?: number;
  keepUntil?: number;
  gone?: number;
}

export interface KeysView {
  keys: KeyView[];
  /** Id of the key that signs, or will first; `''` while there is none. */
  signing: string;
  /** Whether the next rotation is due. */
  due: boolean;
  /** Seconds from now until the spare may sign; 0 when it may. */
  wait: number;
  /** When the next rotation is due; 0 while no key signs. */
  dueFrom: number;
  voidBefore: number;
  mode?: { mode: string; until: number };
}

/** Names what is told, so that a member that a record gets one day is not told by itself. */
const TOLD = ['kid', 'state', 'created', 'published', 'signFrom', 'signUntil', 'keepUntil', 'gone'] as const;

export function viewOf(
  { record, control }: Kept,
  { now, settings }: { now: number; settings: RotationSettings },
): KeysView {
  const signing = signingKey(record);
  const spare = publishedSpare(record);
  const due = signing === undefined ? 0 : dueFrom(signing, settings);
  return {
    keys: record.keys.map((key) => {
      const told = TOLD.filter((name) => Object.hasOwn(key, name));
      return Object.fromEntries(told.map((name) => [name, key[name as keyof RecordedKey]])) as unknown as KeyView;
    }),
    signing: signing?.kid ?? '',
    due: signing !== undefined && now >= due,
    wait: spare === undefined ? 0 : Math.max(0, Math.ceil(knownFrom(spare, settings) - now)),
    dueFrom: due,
    voidBefore: control.voidBefore,
    ...(control.override === undefined ? {} : { mode: control.override }),
  };
}

/** Values of the metrics, by name; times in seconds. */
export function metricsOf(
  { record }: Kept,
  { now, settings }: { now: number; settings: RotationSettings },
): Record<string, number> {
  const signing = signingKey(record);
  return {
    KeysChecked: 1,
    LiveKeys: record.keys.filter(isLive).length,
    SpareKeys: publishedSpare(record) === undefined ? 0 : 1,
    ...(signing === undefined
      ? {}
      : {
          SigningKeyAge: Math.max(0, now - signing.signFrom),
          SigningEndsIn: signing.signUntil - now,
          RotationOverdue: Math.max(0, now - dueFrom(signing, settings)),
        }),
  };
}

/** The three texts that hold keys, told apart: issuer record, key record, edge state. */
import { checkIssuerRecord, type IssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { checkKeyRecord, type KeyRecord } from '../../../runtime/keys/key-record.ts';
import { readObject } from '../../../runtime/keys/record-members.ts';
import { decodeState, type EdgeState } from '../../../runtime/keys/state.ts';

export type Keys =
  | { form: 'issuer record'; record: IssuerRecord }
  | { form: 'key record'; record: KeyRecord }
  | { form: 'edge state'; state: EdgeState };

/** Throws an `Error` whose message says what is wrong and has no part of the text in it. */
export function keysOf(text: string): Keys {
  if (text.startsWith('ep1 ')) {
    const state = decodeState(text);
    if (state === null) throw new Error('edge state: it was cut, changed or is of another version');
    return { form: 'edge state', state };
  }
  if (!text.startsWith('{')) throw new Error('it begins neither like a record, with `{`, nor like an edge state');
  const object = readObject(text, 'record');
  if (Object.hasOwn(object, 'SecretString'))
    throw new Error('it is the whole answer of the aws command; add `--query SecretString --output text` there');
  if (Object.hasOwn(object, 'keys')) return { form: 'key record', record: checkKeyRecord(object) };
  return { form: 'issuer record', record: checkIssuerRecord(object) };
}

export function audienceOf(keys: Keys): string {
  return keys.form === 'edge state' ? keys.state.audience : keys.record.audience;
}

/** The record an issuer would have; `undefined` when no key signs. */
export function issuerRecordOf(keys: Keys): IssuerRecord | undefined {
  if (keys.form === 'issuer record') return keys.record;
  if (keys.form === 'edge state') return undefined;
  const { version, audience } = keys.record;
  const signing = keys.record.keys.find((key) => key.state === 'signing');
  if (signing === undefined) return undefined;
  const { kid, sign, bind, signFrom, signUntil } = signing;
  return { version, audience, kid, sign, bind, signFrom, signUntil };
}

/** What the edge knows by these keys; `undefined` when none of them has been brought there. */
export function edgeStateOf(keys: Keys): EdgeState | undefined {
  if (keys.form === 'edge state') return keys.state;
  const { audience } = keys.record;
  if (keys.form === 'issuer record') {
    const { kid, sign, bind } = keys.record;
    return { audience, keys: [{ kid, sign, bind }], voidBefore: 0 };
  }
  const known = keys.record.keys.flatMap((key) =>
    key.state === 'gone' || key.published === undefined ? [] : [{ kid: key.kid, sign: key.sign, bind: key.bind }],
  );
  return known.length === 0 ? undefined : { audience, keys: known, voidBefore: 0 };
}

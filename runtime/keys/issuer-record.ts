/**
 * The issuer record: the Secrets Manager document with the key that signs now, all that an issuer or a CMS may read.
 * `schema/issuer-record.schema.json` is its published form. Written by the rotation only.
 *
 * It has no "void before": that time never lies in the future, so a token issued now is never before it, and the record
 * would get a second writer.
 */

import { RecordError } from './record-error.ts';
import { checkForEdge, checkMembers, isAudience, isId, isKey, isOneOf, isTime, readObject } from './record-members.ts';

/** Times are seconds since 1970; a token may be signed when `signFrom ≤ now < signUntil`. */
export interface IssuerRecord {
  version: 1;
  /** `<project>/<environment>`. */
  audience: string;
  /** 1–16 characters of `A-Za-z0-9_-`. */
  kid: string;
  /** 32 bytes, base64url: signs tokens. */
  sign: string;
  /** 32 bytes, base64url: signs bindings. */
  bind: string;
  /** From here on every edge location knows the key. */
  signFrom: number;
  /** Here an issuer stops, whether it could read a newer record or not. */
  signUntil: number;
}

const WHAT = 'issuer record';
const REQUIRED = {
  version: isOneOf(1),
  audience: isAudience,
  kid: isId,
  sign: isKey,
  bind: isKey,
  signFrom: isTime,
  signUntil: isTime,
};

/** Throws a `RecordError` unless an object is an issuer record. */
export function checkIssuerRecord(object: Record<string, unknown>): IssuerRecord {
  checkMembers(object, { what: WHAT, required: REQUIRED });
  const record = object as unknown as IssuerRecord;
  const { audience, kid, sign, bind, signFrom, signUntil } = record;
  checkForEdge(WHAT, audience, [{ kid, sign, bind }]);
  if (signFrom >= signUntil) throw new RecordError(`${WHAT}: "signFrom" must be before "signUntil"`);
  return { version: 1, audience, kid, sign, bind, signFrom, signUntil };
}

/** The record of a text. Of a member that is there twice the last one counts. Throws a `RecordError`. */
export function parseIssuerRecord(text: string): IssuerRecord {
  return checkIssuerRecord(readObject(text, WHAT));
}

/** The text of a record, members in the order of the schema. Throws a `RecordError` on what could not be read back. */
export function serialiseIssuerRecord(record: IssuerRecord): string {
  return JSON.stringify(checkIssuerRecord({ ...record }));
}

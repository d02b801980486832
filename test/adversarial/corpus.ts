/** All families; a new file is added here and in the README. */
import type { Family } from './build.ts';
import { addresses } from './cases/addresses.ts';
import { algorithm } from './cases/algorithm.ts';
import { audience } from './cases/audience.ts';
import { base64url } from './cases/base64url.ts';
import { boundFields } from './cases/bound-fields.ts';
import { carriage } from './cases/carriage.ts';
import { claimText } from './cases/claim-text.ts';
import { claimTypes } from './cases/claim-types.ts';
import { duplicateMembers } from './cases/duplicate-members.ts';
import { engine } from './cases/engine.ts';
import { exceptions } from './cases/exceptions.ts';
import { geography } from './cases/geography.ts';
import { jsonText } from './cases/json-text.ts';
import { keyId } from './cases/key-id.ts';
import { namesOfObjects } from './cases/names.ts';
import { pathTricks } from './cases/path-tricks.ts';
import { policyFloor } from './cases/policy-floor.ts';
import { requests } from './cases/requests.ts';
import { secondToken } from './cases/second-token.ts';
import { separators } from './cases/separators.ts';
import { sessions } from './cases/sessions.ts';
import { sizes } from './cases/sizes.ts';
import { times } from './cases/times.ts';
import { wrongKeys } from './cases/wrong-keys.ts';

/** By file name. */
export const corpus: Readonly<Record<string, Family[]>> = {
  addresses,
  algorithm,
  audience,
  base64url,
  'bound-fields': boundFields,
  carriage,
  'claim-text': claimText,
  'claim-types': claimTypes,
  'duplicate-members': duplicateMembers,
  engine,
  exceptions,
  geography,
  'json-text': jsonText,
  'key-id': keyId,
  names: namesOfObjects,
  'path-tricks': pathTricks,
  'policy-floor': policyFloor,
  requests,
  'second-token': secondToken,
  separators,
  sessions,
  sizes,
  times,
  'wrong-keys': wrongKeys,
};

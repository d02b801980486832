/** `requests.json`: every table, one after the other. */
import type { RequestsFile } from '../../types.ts';
import { stateTexts } from '../state.ts';
import { type Case, vector } from './ask.ts';
import * as carriage from './carriage.ts';
import * as operation from './operation.ts';
import * as paths from './paths.ts';
import * as tokens from './tokens.ts';
import * as viewer from './viewer.ts';

const groups: Record<string, Case[]> = {
  path: paths.canonicalPaths,
  prefix: paths.prefixes,
  exception: paths.exceptions,
  'token in the query': carriage.inQuery,
  'token in a cookie': carriage.inCookie,
  'token in a header': carriage.inHeader,
  forwarded: carriage.forwarded,
  method: operation.methods,
  token: tokens.forms,
  'token header': tokens.headers,
  signature: tokens.signatures,
  claim: tokens.types,
  time: tokens.times,
  network: viewer.networks,
  'bound header': viewer.boundHeaders,
  'bound parameter': viewer.boundQuery,
  intsig: viewer.bindings,
  place: viewer.places,
  'all together': viewer.together,
  mode: operation.modes,
  state: operation.states,
  revocation: operation.revocations,
  'small deployment': operation.small,
};

export const requests: RequestsFile = {
  version: 1,
  states: stateTexts,
  requests: Object.entries(groups).flatMap(([group, cases]) => cases.map((one) => vector(group, one))),
};

/** The rules, in the order their findings are shown. */
import { foldersAreInside, policiesMeetTheFloor } from './assets.ts';
import { corsIsPossible, domainsAreUsable, originsAreWhole, protectedEncrypts } from './delivery.ts';
import { excludesAreOutside, noPathTwice, shadowsAreSeen } from './paths.ts';
import { leaksCanBeStopped, networksAreWide, policiesAreConsistent } from './policies.ts';
import { everythingIsUsed, hostsAreDomains, namesExist } from './references.ts';
import type { Rule } from './rule.ts';
import { carriageSuitsPlayers, lifetimesFit, protectedEnforces } from './streams.ts';

export const RULES: readonly Rule[] = [
  namesExist,
  hostsAreDomains,
  noPathTwice,
  shadowsAreSeen,
  excludesAreOutside,
  policiesAreConsistent,
  networksAreWide,
  leaksCanBeStopped,
  lifetimesFit,
  carriageSuitsPlayers,
  protectedEnforces,
  foldersAreInside,
  policiesMeetTheFloor,
  originsAreWhole,
  protectedEncrypts,
  domainsAreUsable,
  corsIsPossible,
  everythingIsUsed,
];

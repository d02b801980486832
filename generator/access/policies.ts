/** Which grants a command needs, and which the roles of a pipeline get: the same table for both. */
import { type Capability, engineGrants } from './engine-grants.ts';
import { type Grant, joinGrants, type Scope } from './grant.ts';
import { moduleGrants, type Permitted } from './module-grants.ts';

interface Needs {
  engine: readonly Capability[];
  /** What of the modules' own permissions goes with it. */
  modules: 'none' | 'read' | 'all';
}

const LOOK: readonly Capability[] = ['Identity', 'ReadStacks', 'ReadArtifacts', 'ListArtifacts'];
const CHANGE: readonly Capability[] = [
  ...LOOK,
  'ProposeChanges',
  'ExecuteChanges',
  'WriteArtifacts',
  'WriteRecords',
  'Lock',
];

/** Whether a stack would get what an earlier one kept. */
const FIND_KEPT: readonly Capability[] = ['FindKeptSecrets', 'FindKeptTables'];
const DEPLOY: Needs = { engine: [...CHANGE, ...FIND_KEPT], modules: 'all' };

/** Where something is, and nothing else. */
const FIND: readonly Capability[] = ['Identity', 'ReadOutputs'];
const KEYS: Needs = { engine: [...FIND, 'RunKeys', 'FollowKeys'], modules: 'none' };

const COMMANDS = {
  preview: { engine: [...LOOK, ...FIND_KEPT, 'ProposeChanges', 'WriteTemplates'], modules: 'read' },
  deploy: DEPLOY,
  drift: { engine: [...LOOK, 'DetectDrift', 'DriftProgress'], modules: 'read' },
  heal: { engine: [...CHANGE, 'DetectDrift', 'DriftProgress'], modules: 'all' },
  destroy: { engine: [...LOOK, 'DeleteStacks', 'Lock'], modules: 'all' },
  rollback: DEPLOY,
  package: { engine: ['Identity', 'ReadArtifacts', 'ListArtifacts', 'WriteArtifacts'], modules: 'none' },
  status: { engine: LOOK, modules: 'none' },
  attach: { engine: ['Identity', 'ReadStacks', 'Attach', 'AttachWebAcl'], modules: 'none' },
  doctor: {
    engine: ['Identity', 'ReadStacks', 'ListArtifacts', 'ReadBootstrap', 'ReadTrust', 'ListTrust', 'ReadQuotas'],
    modules: 'none',
  },
  keys: KEYS,
  void: KEYS,
  mode: KEYS,
  revoke: { engine: [...FIND, 'Revoke'], modules: 'none' },
  unrevoke: { engine: [...FIND, 'Unrevoke'], modules: 'none' },
  sessions: { engine: [...FIND, 'ReadSession', 'ListSessions'], modules: 'none' },
} as const satisfies Record<string, Needs>;

export type PermittedCommand = keyof typeof COMMANDS;

export const PERMITTED_COMMANDS = Object.keys(COMMANDS) as PermittedCommand[];

/** What each role of a pipeline does. */
export const ROLES = {
  plan: { commands: ['preview', 'drift', 'status', 'doctor'], kinds: ['read', 'propose'] },
  deploy: {
    commands: ['preview', 'package', 'deploy', 'drift', 'heal', 'rollback', 'status', 'doctor'],
    kinds: ['read', 'propose', 'write'],
  },
  // Of the workflows `rotate` and `revoke`: they act on what somebody has typed, and need nothing that deploying needs.
  operate: { commands: ['keys', 'void', 'mode', 'revoke', 'unrevoke'], kinds: ['read', 'write'] },
} as const;

export type RoleKind = keyof typeof ROLES;

export interface PolicyScope extends Scope {
  /** Those that are on in the environment. */
  modules: readonly Permitted[];
}

export function commandGrants(command: PermittedCommand, scope: PolicyScope): Grant[] {
  const { engine, modules }: Needs = COMMANDS[command];
  const own = modules === 'none' ? [] : moduleGrants(scope.modules, scope);
  return [...engineGrants(engine, scope), ...(modules === 'read' ? own.filter(({ kind }) => kind === 'read') : own)];
}

/** Statements that another one contains. */
const COVERED_BY: Readonly<Record<string, string>> = { WriteTemplates: 'WriteArtifacts', ReadOutputs: 'ReadStacks' };

/**
 * The plan role writes nothing, not even templates: deployments trust what lies in the bucket under its digest, and a
 * pull request could put something else there.
 */
export function roleGrants(role: RoleKind, scope: PolicyScope): Grant[] {
  const { commands, kinds } = ROLES[role];
  const all = joinGrants(commands.flatMap((command) => commandGrants(command, scope)));
  const kept = all.filter(({ kind }) => (kinds as readonly string[]).includes(kind));
  return kept.filter(({ sid }) => !kept.some((other) => other.sid === COVERED_BY[sid]));
}

/** Every state a stack can be in: what may be done with it, and what an operator does when nothing may. */
import type { StackStatus } from '@aws-sdk/client-cloudformation';

/** Where a stack is; enough to write a command of the AWS command line. */
export interface StackAddress {
  name: string;
  region: string;
  /** Environment, for commands of edgepass. */
  environment: string;
}

/**
 * `ready`: can be updated. `absent`: can be created. `busy`: something is going on that ends by itself.
 * `stuck`: only a decision of a person helps.
 */
export type StackKind = 'ready' | 'absent' | 'busy' | 'stuck';

export interface StackState {
  kind: StackKind;
  /** Whether the operation that led here did not do what was asked. */
  failed: boolean;
  /** Whether DeleteStack may be asked for. */
  deletable: boolean;
  /** What the state means, one sentence. */
  meaning: string;
  /** The next step, with the command. */
  advice(at: StackAddress): string;
}

const aws = (verb: string, { name, region }: StackAddress): string =>
  `aws cloudformation ${verb} --stack-name ${name} --region ${region}`;
const deploy = ({ environment }: StackAddress): string => `edgepass deploy --env ${environment}`;

const goOn = (at: StackAddress): string => `Run \`${deploy(at)}\`.`;
const follow = (at: StackAddress): string =>
  `\`${deploy(at)}\` waits for it and then goes on; \`edgepass status --env ${at.environment}\` only looks.`;
const deleteByHand = (at: StackAddress): string =>
  `Look at the reasons with \`${aws('describe-stack-events', at)}\`. The stack holds nothing that was ever in use; when you agree, remove its shell with \`${aws('delete-stack', at)}\`, then \`${deploy(at)}\`.`;

type Row = [kind: StackKind, failed: boolean, deletable: boolean, meaning: string, advice: StackState['advice']];

/** Source: AWS CloudFormation User Guide, "Stack status codes". */
const ROWS: Readonly<Record<StackStatus, Row>> = {
  CREATE_COMPLETE: ['ready', false, true, 'The stack was created.', goOn],
  UPDATE_COMPLETE: ['ready', false, true, 'The stack was updated.', goOn],
  IMPORT_COMPLETE: [
    'ready',
    false,
    true,
    'Resources were imported into the stack; a deployment that began with that creates the rest.',
    goOn,
  ],
  UPDATE_ROLLBACK_COMPLETE: ['ready', true, true, 'The last update failed; the stack is as it was before it.', goOn],
  IMPORT_ROLLBACK_COMPLETE: ['ready', true, true, 'The last import failed; the stack is as it was before it.', goOn],
  REVIEW_IN_PROGRESS: [
    'absent',
    false,
    true,
    'A change set to create the stack was made and never executed: there is nothing in it.',
    goOn,
  ],
  DELETE_COMPLETE: ['absent', false, false, 'The stack was deleted.', goOn],
  CREATE_IN_PROGRESS: ['busy', false, true, 'The stack is being created.', follow],
  UPDATE_IN_PROGRESS: ['busy', false, false, 'The stack is being updated.', follow],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: [
    'busy',
    false,
    false,
    'The stack was updated; AWS removes what is replaced.',
    follow,
  ],
  ROLLBACK_IN_PROGRESS: ['busy', true, true, 'The first creation failed and is being undone.', follow],
  UPDATE_ROLLBACK_IN_PROGRESS: ['busy', true, false, 'The last update failed and is being undone.', follow],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: [
    'busy',
    true,
    false,
    'The last update was undone; AWS removes what it made.',
    follow,
  ],
  IMPORT_IN_PROGRESS: ['busy', false, false, 'Resources are being imported into the stack.', follow],
  IMPORT_ROLLBACK_IN_PROGRESS: ['busy', true, false, 'An import failed and is being undone.', follow],
  DELETE_IN_PROGRESS: [
    'stuck',
    false,
    true,
    'The stack is being deleted by somebody.',
    (at) => `Wait with \`${aws('wait stack-delete-complete', at)}\`, then \`${deploy(at)}\` creates it anew.`,
  ],
  ROLLBACK_COMPLETE: [
    'stuck',
    true,
    true,
    'The first creation of the stack, or the import it began with, failed and was undone: it holds nothing, and AWS cannot update it.',
    deleteByHand,
  ],
  ROLLBACK_FAILED: [
    'stuck',
    true,
    true,
    'The first creation of the stack failed, and so did undoing it: some resources are still there.',
    deleteByHand,
  ],
  CREATE_FAILED: ['stuck', true, true, 'The first creation of the stack failed and was not undone.', deleteByHand],
  UPDATE_FAILED: [
    'stuck',
    true,
    true,
    'The last update failed and was not undone.',
    (at) => `Go back to the state before it with \`${aws('rollback-stack', at)}\`, then \`${deploy(at)}\`.`,
  ],
  UPDATE_ROLLBACK_FAILED: [
    'stuck',
    true,
    true,
    'The last update failed, and so did undoing it: AWS accepts nothing until that is finished.',
    (at) =>
      `Mend what \`${aws('describe-stack-events', at)}\` names, then \`${aws('continue-update-rollback', at)}\`, then \`${deploy(at)}\`.`,
  ],
  IMPORT_ROLLBACK_FAILED: [
    'stuck',
    true,
    true,
    'An import failed, and so did undoing it.',
    // ContinueUpdateRollback is for UPDATE_ROLLBACK_FAILED. Source: CloudFormation API reference, ContinueUpdateRollback.
    (at) =>
      `Mend what \`${aws('describe-stack-events', at)}\` names. AWS has no command that goes on with undoing an import: ask AWS Support to bring the stack to rest, then \`${deploy(at)}\`. What holds state is not deleted by any of this.`,
  ],
  DELETE_FAILED: [
    'stuck',
    true,
    true,
    'Deleting the stack failed: some resources are still there.',
    (at) =>
      `\`${aws('describe-stack-events', at)}\` says which resource could not be deleted and why. Mend that, then \`edgepass destroy --env ${at.environment}\` tries again.`,
  ],
};

/** A state that AWS invents later is not touched. */
const UNKNOWN: Row = [
  'stuck',
  false,
  false,
  'The stack is in a state that this version of edgepass does not know.',
  (at) => `Look at it with \`${aws('describe-stacks', at)}\`, and update edgepass.`,
];

export function stackState(status: string): StackState {
  const row = Object.hasOwn(ROWS, status) ? ROWS[status as StackStatus] : UNKNOWN;
  const [kind, failed, deletable, meaning, advice] = row;
  return { kind, failed, deletable, meaning, advice };
}

/** For the table in the documentation. */
export const STACK_STATUSES = Object.keys(ROWS) as StackStatus[];

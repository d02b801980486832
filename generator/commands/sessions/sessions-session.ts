/** What the commands about sessions have in common: find the table, tell how far they are. */
import type { Aws } from '../../aws/context.ts';
import { guarded } from '../../aws/faults.ts';
import { type TablePlace, tablePlace } from '../../aws/revocation-table.ts';
import { type Diagnostic, failed, type Outcome } from '../../report/diagnostic.ts';
import { running } from '../../report/running-text.ts';
import { awsOf, releaseOf } from '../aws-session.ts';
import type { Args, Io } from '../command.ts';

export interface TableSession {
  aws: Aws;
  environment: string;
  place: TablePlace;
}

/** Opens the environment and does the work on its table. */
export async function withTable<T>(
  args: Args,
  io: Io,
  work: (session: TableSession) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const release = await releaseOf(args, io);
  if (!release.ok) return release;
  const { manifest } = release.value;
  const aws = awsOf(io);
  return guarded(async () => {
    const place = await tablePlace(aws, manifest);
    if (!place.ok) return place;
    return work({ aws, environment: manifest.environment, place: place.value });
  });
}

/** Fewer are done before anybody has read a line about them. */
const WORTH_TELLING = 500;

/** Tells how far a long piece of work is; `end` when it is over. */
export function counting(
  { args, io, aws }: { args: Args; io: Io; aws: Aws },
  { what, total }: { what: string; total: number },
): { tell(done: number): void; end(done: number): void } {
  if (total < WORTH_TELLING) return { tell: () => undefined, end: () => undefined };
  const shown = running({
    write: io.stderr,
    color: io.color,
    now: aws.now,
    what,
    ...(io.terminal === undefined || args.json ? {} : { columns: io.terminal.columns }),
  });
  const text = (done: number): string => `${done} of ${total}`;
  return { tell: (done) => shown.tell(text(done)), end: (done) => shown.end(text(done)) };
}

/** Rows that somebody has edited by hand. */
export function malformed([first = '', ...others]: readonly string[]): Diagnostic {
  const rest = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    code: 'EP7917',
    severity: 'error',
    message: `What the revocation table has of ${first}${rest} is no revocation: the edge keeps what it had before.`,
    hint: 'Somebody has edited it. `edgepass revoke` writes it anew; after that `edgepass unrevoke` can lift it.',
  };
}

/** Why a part was not written. What was, stays. */
export function notAll({
  done,
  total,
  fault,
  aws,
}: {
  done: number;
  total: number;
  fault: Diagnostic | undefined;
  aws: Aws;
}): Diagnostic[] {
  if (done === total) return [];
  const why: Diagnostic[] = fault === undefined ? [] : [fault];
  return failed(
    {
      code: 'EP7913',
      severity: 'error',
      message: `${aws.interrupted.aborted && fault === undefined ? 'Interrupted: ' : ''}${total - done} of ${total} sessions were not written; ${done} were.`,
      hint: 'Run the same command again: those that are written stay so. `--json` lists those that are left.',
    },
    ...why,
  ).diagnostics;
}

/** One finding of `doctor`, and how a check ends that AWS does not let us make. */
import { faultOf } from './faults.ts';
import { Refusal } from './refusal.ts';

export interface Check {
  /** What was looked at, e.g. `bucket eu-west-1`. */
  name: string;
  state: 'ok' | 'warning' | 'problem';
  message: string;
  /** The next command or step; always there unless it is fine. */
  remedy?: string;
  /** Differences, line by line: `-` expected, `+` found. */
  lines?: string[];
}

/** Codes after which asking further is useless: nobody signed in, or nobody answers. */
const UNREACHABLE = new Set(['EP7011', 'EP7012', 'EP7015', 'EP7016']);

/** A check that AWS denies is a warning; where AWS cannot be asked at all, a Refusal ends it all. */
export async function checked(name: string, run: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    return [await run()].flat();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    if (UNREACHABLE.has(fault.code)) throw new Refusal(fault);
    const remedy =
      fault.code === 'EP7014' ? 'Add what `edgepass permissions doctor` prints to the credentials.' : fault.hint;
    return [
      { name, state: 'warning', message: `Not checked: ${fault.message}`, ...(remedy === undefined ? {} : { remedy }) },
    ];
  }
}

/** The commands of an operator, against an environment that is deployed. */
import type { Io } from '../../generator/commands/command.ts';
import { ACCOUNT, type Deployment, deployment, HOME } from './deployment.ts';
import {
  type OperatedEnvironment,
  type OperatedOptions,
  OUTPUTS,
  operatedEnvironment,
} from './operated-environment.ts';
import { outputTreeOf } from './output-tree.ts';

export { LIFETIME, MACHINE, OUTPUTS } from './operated-environment.ts';

export interface Operations extends Deployment, OperatedEnvironment {
  /** Seconds since 1970. */
  now(): number;
  /** Lets time pass, in seconds. */
  wait(seconds: number): void;
}

export interface OperationsOptions extends Omit<OperatedOptions, 'now' | 'wait'> {
  /** Names of outputs that the manifest has. */
  declared?: readonly string[];
}

export async function operations(options: OperationsOptions = {}): Promise<Operations> {
  const { declared = Object.keys(OUTPUTS), ...more } = options;
  const made = await deployment({}, { buckets: false });
  const outputs = Object.fromEntries(declared.map((id) => [id, 'What an operator needs']));
  await made.output(
    outputTreeOf({
      manifest: { account: ACCOUNT, region: HOME },
      stacks: { 'base.home': { template: '{}', region: HOME, outputs } },
    }),
  );
  const { aws, clock } = made;
  const now = (): number => Math.floor(clock.now().getTime() / 1000);
  const wait = (seconds: number): void => void clock.sleep(seconds * 1000);
  const operated = await operatedEnvironment(aws, { outputs: OUTPUTS, ...more, now, wait });
  aws.calls.length = 0;
  return { ...made, ...operated, now, wait };
}

/** Somebody at a terminal who answers, and is remembered. */
export function terminal(...answers: string[]): Partial<Io> & { questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    terminal: {
      columns: 100,
      ask: async (question) => {
        questions.push(question);
        return answers.shift() ?? '';
      },
    },
  };
}

/** Everything that was printed, in one text. */
export function printed({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return stdout + stderr;
}

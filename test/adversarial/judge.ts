/** A deployment's function text and its reference, each made once. */

import type { Trace } from '../../runtime/verify/trace.ts';
import { type EdgeResult, type EdgeRun, runEdge } from '../helpers/njs.ts';
import { differences, reference, traceVerdict } from '../helpers/reference.ts';
import { edgeText } from '../runtime/base/world.ts';
import { type DeploymentName, deployments } from './deployments.ts';

const texts = new Map<DeploymentName, Promise<string>>();
const references = new Map<DeploymentName, ReturnType<typeof reference>>();

/** The text that ships for a deployment. */
export function textOf(name: DeploymentName): Promise<string> {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const { environment, options } = deployments[name];
  const made = edgeText(environment, options);
  texts.set(name, made);
  return made;
}

/** Function texts by deployment. */
export type Texts = Partial<Record<DeploymentName, string>>;

/** Uses these texts from now on: a long run is about one text, whatever becomes of the sources meanwhile. */
export function useTexts(given: Texts): void {
  for (const [name, text] of Object.entries(given)) texts.set(name as DeploymentName, Promise.resolve(text));
}

/** The reference for a deployment. */
export function referenceOf(name: DeploymentName): ReturnType<typeof reference> {
  const known = references.get(name);
  if (known !== undefined) return known;
  const { environment, options } = deployments[name];
  const made = reference(environment, options);
  references.set(name, made);
  return made;
}

/** What the edge said to a request, what the reference says, and what they differ in. */
export interface Judged {
  result: EdgeResult;
  trace: Trace;
  /** The reference's verdict in one line. */
  reference: string;
  differences: string[];
}

/** Edge and reference on the same requests. */
export async function judge(name: DeploymentName, runs: EdgeRun[]): Promise<Judged[]> {
  const results = runEdge(await textOf(name), runs);
  const verify = referenceOf(name);
  return runs.map((run, index) => {
    const result = results[index] as EdgeResult;
    const trace = verify(run);
    return { result, trace, reference: traceVerdict(trace), differences: differences(trace, result) };
  });
}

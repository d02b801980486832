/** What a refusal of the API says, in its own words. */
import type { Problem } from './answers.ts';
import type { Exchange } from './api.ts';

export function problemText({ status: code, body }: Exchange): string {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const { title, detail, reason, demands = [] } = problem;
  const said = [detail ?? title ?? `The API answers ${code}.`];
  if (demands.length > 0) said.push(`It does not meet: ${demands.join(', ')}.`);
  if (reason !== undefined) said.push(`Reason: ${reason}.`);
  return said.join(' ');
}

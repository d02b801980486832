import { binding } from './binding.ts';
import { deployments } from './deployments.ts';
import { print } from './print.ts';
import { requests } from './requests/index.ts';
import { sessions } from './sessions.ts';
import { state } from './state.ts';
import { tokens } from './tokens.ts';

/** Texts of the published files, by name. */
export const files: Record<string, string> = {
  'deployments.json': print(deployments),
  'tokens.json': print(tokens),
  'binding.json': print(binding),
  'requests.json': print(requests),
  'sessions.json': print(sessions),
  'state.json': print(state),
};

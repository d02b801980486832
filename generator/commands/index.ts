/** The verbs. Each is loaded when it is called, so that a quick one does not wait for a slow one's libraries. */
import type { CommandLoader } from './command.ts';

export const COMMANDS: readonly CommandLoader[] = [
  {
    name: 'init',
    summary: 'Start a project: config.yaml and what belongs beside it',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'validate',
    summary: 'Check config.yaml for every environment, without network',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'generate',
    summary: 'Write templates and functions of every environment to the output folder',
    load: async () => (await import('./generate.ts')).generate,
  },
  {
    name: 'dev',
    summary: 'Run the edge on this machine, with a test stream, keys and revocations, and no AWS account',
    load: async () => (await import('./dev.ts')).dev,
  },
  {
    name: 'explain',
    summary: 'Say what a setting is in an environment, where it comes from and what it means',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'diff',
    summary: 'Compare with another git revision or output folder',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'graph',
    summary: 'Draw modules, stacks and functions as Mermaid',
    load: async () => (await import('./graph.ts')).graph,
  },
  {
    name: 'package',
    summary: 'Upload code and templates of an environment to its artifact bucket',
    load: async () => (await import('./package.ts')).packageCommand,
  },
  {
    name: 'preview',
    summary: 'Say what a deployment would change in AWS, without changing it',
    load: async () => (await import('./preview.ts')).preview,
  },
  {
    name: 'deploy',
    summary: 'Deploy an environment, stack by stack in the order of its plan',
    load: async () => (await import('./deploy.ts')).deploy,
  },
  {
    name: 'status',
    summary: 'Show the stacks of an environment as AWS has them',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'drift',
    summary: 'Find what was changed outside of deployments, and heal it',
    load: async () => (await import('./drift.ts')).drift,
  },
  {
    name: 'rollback',
    summary: 'List earlier deployments, and deploy one of them again',
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'destroy',
    summary: 'Delete the stacks of an environment; what holds state stays',
    load: async () => (await import('./destroy.ts')).destroy,
  },
  {
    name: 'attach',
    summary: 'Put the token check on the behaviours of a distribution that is there already',
    load: async () => (await import('./attach.ts')).attach,
  },
  {
    name: 'bootstrap',
    summary: 'Prepare an account once: artifact buckets, and roles for a pipeline on GitHub',
    load: async () => (await import('./bootstrap.ts')).bootstrap,
  },
  {
    name: 'doctor',
    summary: 'Check credentials, buckets, roles, stacks, quotas and tools, each with its remedy',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'permissions',
    summary: 'Print the least IAM policy that a command needs',
    load: async () => (await import('./permissions.ts')).permissions,
  },
  {
    name: 'comment',
    summary: 'Turn reports into Markdown for a pull request or an issue',
    load: async () => (await import('./comment.ts')).comment,
  },
  {
    name: 'environments',
    summary: 'List the environments, with accounts and roles, also for the matrix of a pipeline',
    load: async () => (await import('./environments.ts')).environments,
  },
  {
    name: 'deployment-file',
    summary: 'Write the deployment file of a stack for CloudFormation Git sync',
    load: async () => (await import('./deployment-file.ts')).deploymentFile,
  },
  {
    name: 'token',
    summary: 'Create a playback URL, read a token, and see what the edge makes of a request',
    load: async () => (await import('./token.ts')).token,
  },
  {
    name: 'revoke',
    summary: 'Refuse sessions from now on, one or many thousand',
    load: async () => (await import('./sessions/revoke.ts')).revoke,
  },
  {
    name: 'unrevoke',
    summary: 'Let revoked sessions play again',
    load: async () => (await import('./sessions/unrevoke.ts')).unrevoke,
  },
  {
    name: 'sessions',
    summary: 'List revoked sessions, and say why one is refused',
    load: async () => (await import('./sessions.ts')).sessions,
  },
  {
    name: 'keys',
    summary: 'List the keys of an environment, rotate them, and remove a leaked one',
    load: async () => (await import('./keys.ts')).keys,
  },
  {
    name: 'void',
    summary: 'Refuse every token issued before a time: for tokens that leaked in numbers',
    load: async () => (await import('./void.ts')).voidCommand,
  },
  {
    name: 'mode',
    summary: 'Put report or enforce in place of the configured modes for a while, or end that',
    load: async () => (await import('./mode.ts')).mode,
  },
  {
    name: 'schema',
    summary: 'Write the schema that config.yaml names for the editor, composed of all modules',
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'new-module',
    summary: 'Start a module: its two folders, ready to fill in',
    load: async () => (await import('./new-module.ts')).newModule,
  },
];

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
    name: 'token',
    summary: 'Create a playback URL, read a token, and see what the edge makes of a request',
    load: async () => (await import('./token.ts')).token,
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

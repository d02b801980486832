import type { CommandGroup } from './command.ts';

export const keys: CommandGroup = {
  name: 'keys',
  summary: 'List the keys of an environment, rotate them, and remove a leaked one',
  verbs: [
    {
      name: 'list',
      summary: 'Show the keys, when the next rotation is due, and what is void or overridden',
      load: async () => (await import('./keys/list.ts')).list,
    },
    {
      name: 'rotate',
      summary: 'Let the next key sign; tokens of the one before it stay valid',
      load: async () => (await import('./keys/rotate.ts')).rotate,
    },
    {
      name: 'kill',
      summary: 'Remove a leaked key at once; all its tokens are refused',
      load: async () => (await import('./keys/kill.ts')).kill,
    },
  ],
};

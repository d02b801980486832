import type { CommandGroup } from './command.ts';

export const token: CommandGroup = {
  name: 'token',
  summary: 'Create a playback URL, read a token, and see what the edge makes of a request',
  verbs: [
    {
      name: 'create',
      summary: 'Issue a token and print the playback URL',
      load: async () => (await import('./token/create.ts')).create,
    },
    {
      name: 'decode',
      summary: 'Show what is written in a token, without checking it',
      load: async () => (await import('./token/decode.ts')).decode,
    },
    {
      name: 'verify',
      summary: 'Check a request as the edge would, and print the verdict in one line',
      load: async () => (await import('./token/verify.ts')).verify,
    },
    {
      name: 'explain',
      summary: 'Check a request as the edge would, and say step by step what passed and what did not',
      load: async () => (await import('./token/explain.ts')).explain,
    },
    {
      name: 'key',
      summary: 'Make a random key for trials on this machine',
      load: async () => (await import('./token/key.ts')).key,
    },
  ],
};

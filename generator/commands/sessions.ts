import type { CommandGroup } from './command.ts';

export const sessions: CommandGroup = {
  name: 'sessions',
  summary: 'List revoked sessions, and say why one is refused',
  verbs: [
    {
      name: 'list',
      summary: 'List revoked sessions, newest first',
      load: async () => (await import('./sessions/list.ts')).list,
    },
    {
      name: 'show',
      summary: 'Say why and until when a session is refused',
      load: async () => (await import('./sessions/show.ts')).showSession,
    },
  ],
};

import type { CommandGroup } from './command.ts';

export const comment: CommandGroup = {
  name: 'comment',
  summary: 'Turn reports into Markdown for a pull request or an issue',
  verbs: [
    {
      name: 'plan',
      summary: 'One comment of the files of `preview --json`',
      load: async () => (await import('./comment/plan.ts')).plan,
    },
    {
      name: 'drift',
      summary: 'One issue of the files of `drift --json`',
      load: async () => (await import('./comment/drift.ts')).drift,
    },
  ],
};

import type { Command } from './command.ts'; export const generate = {} as Command;

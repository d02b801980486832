import type { Command } from './command.ts';
export const diff = {} as Command;

import type { Command } from './command.ts';
export const graph = {} as Command;

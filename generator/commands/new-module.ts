import type { Command } from './command.ts';
export const newModule = {} as Command;

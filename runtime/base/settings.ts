import type { EdgeSettings } from './edge-settings.ts';

/** The one use of the placeholder: the build puts the literal here. What is absent of it no code is kept for. */
export const settings = SETTINGS as Required<EdgeSettings>;

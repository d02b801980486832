/**
 * A Lambda function that answers for one mount. Settings come out of the table, where the deployment put them, and are read again
 * every minute: a changed policy needs no new code.
 */
import type { SeededStore } from '../aws/asset-store.ts';
import { problemAnswer } from './answers.ts';
import { type Api, type ApiOptions, createApi, type Told } from './api.ts';
import type { ApiEvent, ApiResult } from './event.ts';
import { problemOf, RETRY } from './problem-of.ts';
import { Problem } from './problems.ts';
import { remembered } from './remembered.ts';
import type { ApiSettings } from './settings.ts';

/** Milliseconds. */
const SETTINGS_AGE = 60_000;

export interface DoorOptions extends Omit<ApiOptions, 'settings'> {
  assets: SeededStore;
  onAnswer(told: Told): void;
}

export function door(options: DoorOptions): Api {
  const { assets, onAnswer, now = Date.now } = options;
  let made: { text: string; api: Api } | undefined;

  const current = remembered(
    async () => {
      const text = await assets.readSettings();
      if (text === undefined)
        throw new Problem('temporarily-unavailable', { detail: 'The API has no settings yet.' }, { headers: RETRY });
      if (made?.text !== text)
        made = { text, api: createApi({ ...options, settings: JSON.parse(text) as ApiSettings }) };
      return made.api;
    },
    { age: SETTINGS_AGE, now },
  );

  return async (event: ApiEvent): Promise<ApiResult> => {
    let api: Api;
    try {
      api = await current();
    } catch (error) {
      // Settings of a minute ago are better than no answer.
      if (made !== undefined) return made.api(event);
      const problem = problemOf(error);
      const result = problemAnswer(problem);
      onAnswer({ operation: 'none', status: result.statusCode, problem: problem.code, cause: problem.cause });
      return result;
    }
    return api(event);
  };
}

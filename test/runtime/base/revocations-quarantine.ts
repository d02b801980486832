/** What the worker puts aside: all that cannot be understood, and nothing else. */
import type { StreamRecord } from '../../helpers/aws/data/tables.ts';

/** Ids of records that are none begin so. */
export const JUNK = 'junk';

/** Throws where a message is about something that was right; how many messages there are. */
export function onlyStrange(messages: readonly string[], malformed: ReadonlySet<string>): number {
  for (const body of messages) {
    const { what } = JSON.parse(body) as { what: string };
    const [, session] = /^row (.*)$/.exec(what) ?? [];
    const isStrange = session === undefined ? what.startsWith(`stream record ${JUNK}`) : malformed.has(session);
    if (!isStrange) throw new Error(`what is right was put aside: ${what}`);
  }
  return messages.length;
}

/** What is missing of a batch's strange records and of rows that are none. */
export function passedOver(
  messages: readonly string[],
  { records, malformed }: { records: readonly StreamRecord[]; malformed: readonly string[] },
): string | undefined {
  const all = messages.join();
  const junk = records
    .filter(({ eventID }) => eventID.startsWith(JUNK))
    .map(({ eventID }) => `stream record ${eventID}`);
  // A row whose id is no session's is named by no record that could be followed.
  const rows = malformed.filter((session) => session.length >= 16).map((session) => `row ${session}`);
  return [...junk, ...rows].find((what) => !all.includes(`"${what}"`));
}

/** The manifest of MPEG-DASH (ISO/IEC 23009-1) for the test stream. */
import { RENDITIONS, type Rendition, SEGMENT, type TestStream } from './test-stream.ts';
import { BEGAN, type Window } from './window.ts';

interface Asked {
  window: Window;
  /** Milliseconds since 1970. */
  now: number;
}

/** Film and channel differ in their head; segments are listed with their times in both. */
export function manifest(stream: TestStream, { window, now }: Asked): string {
  const { kind, first, last } = window;
  const seconds = (last - first + 1) * SEGMENT;
  const head =
    kind === 'vod'
      ? `type="static" mediaPresentationDuration="PT${seconds}S"`
      : `type="dynamic" availabilityStartTime="${iso(BEGAN)}" publishTime="${iso(now)}" minimumUpdatePeriod="PT${SEGMENT}S"` +
        ` timeShiftBufferDepth="PT${seconds}S" suggestedPresentationDelay="PT${3 * SEGMENT}S"`;
  // The clock of whoever asks may be wrong; players then look for segments that are not there yet, or no more.
  const clock = kind === 'vod' ? '' : `<UTCTiming schemeIdUri="urn:mpeg:dash:utc:direct:2014" value="${iso(now)}"/>\n`;
  const sets = (['video', 'audio'] as const).map((content, id) => {
    const tracks = RENDITIONS.filter((rendition) => rendition.kind === content);
    const inside = tracks.map((rendition) => representation(stream, rendition, window)).join('\n');
    return `<AdaptationSet id="${id}" contentType="${content}" mimeType="${content}/mp4" segmentAlignment="true" startWithSAP="1">\n${inside}\n</AdaptationSet>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT${SEGMENT}S" maxSegmentDuration="PT${SEGMENT + 1}S" ${head}>
<Period id="0" start="PT0S">
${sets.join('\n')}
</Period>
${clock}</MPD>
`;
}

function representation(stream: TestStream, rendition: Rendition, { first, last }: Window): string {
  const { name, codecs, bandwidth, width, height } = rendition;
  const spans = Array.from({ length: last - first + 1 }, (_, index) => stream.span(name, first + index));
  const timeline = spans.map(({ time, duration }, index) => `<S${index === 0 ? ` t="${time}"` : ''} d="${duration}"/>`);
  const picture =
    width === undefined ? 'audioSamplingRate="48000"' : `width="${width}" height="${height}" frameRate="25"`;
  return `<Representation id="${name}" codecs="${codecs}" bandwidth="${bandwidth}" ${picture}>
<SegmentTemplate timescale="${stream.timescale(name)}" initialization="${name}/init.mp4" media="${name}/$Number$.m4s" startNumber="${first}">
<SegmentTimeline>${timeline.join('')}</SegmentTimeline>
</SegmentTemplate>
</Representation>`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

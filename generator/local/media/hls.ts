/** Playlists of HLS (RFC 8216) for the test stream. */
import { RENDITIONS, SEGMENT, type TestStream } from './test-stream.ts';
import { BEGAN, type Window } from './window.ts';

const AUDIO = RENDITIONS.filter(({ kind }) => kind === 'audio');

/** The multivariant playlist: the same for a film and a channel. */
export function multivariant(): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const { name } of AUDIO)
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Stereo",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="${name}.m3u8"`,
    );
  const sound = AUDIO.reduce((sum, { bandwidth }) => sum + bandwidth, 0);
  for (const { name, kind, codecs, bandwidth, width, height } of RENDITIONS) {
    if (kind !== 'video') continue;
    const all = [codecs, ...AUDIO.map((audio) => audio.codecs)].join(',');
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth + sound},RESOLUTION=${width}x${height},FRAME-RATE=25.000,CODECS="${all}",AUDIO="audio"`,
      `${name}.m3u8`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The playlist of one track. */
export function media(stream: TestStream, { name, window }: { name: string; window: Window }): string {
  const { kind, first, last } = window;
  const timescale = stream.timescale(name);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${SEGMENT}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...(kind === 'vod' ? ['#EXT-X-PLAYLIST-TYPE:VOD'] : []),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${name}/init.mp4"`,
  ];
  if (kind === 'live') {
    const began = new Date(BEGAN + (stream.span(name, first).time / timescale) * 1000);
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${began.toISOString()}`);
  }
  for (let number = first; number <= last; number++) {
    const { duration } = stream.span(name, number);
    lines.push(`#EXTINF:${(duration / timescale).toFixed(6)},`, `${name}/${number}.m4s`);
  }
  if (kind === 'vod') lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

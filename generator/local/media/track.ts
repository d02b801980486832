/** One track of fragmented MP4 (CMAF), taken apart into what players ask for: the part that initialises, and segments. */
import { type Box, boxesOf, findBox } from './boxes.ts';

export interface Segment {
  /** The fragment as it is in the file: `moof` and `mdat`. */
  bytes: Buffer;
  /** In units of the timescale, from the start of the track. */
  time: number;
  duration: number;
  /** Where the number and the decode time stand in the bytes. */
  at: { sequence: number; time: number };
}

export interface Track {
  init: Buffer;
  timescale: number;
  segments: Segment[];
  /** Of all segments, in units of the timescale. */
  duration: number;
}

/** Throws on a file that is not what `make.sh` makes: one track, `tfdt` with 64 bits, no sample without a duration. */
export function readTrack(file: Buffer): Track {
  const boxes = boxesOf(file);
  const fragments = boxes.flatMap((box, index) =>
    box.type === 'moof' ? [[box, boxes[index + 1] as Box] as const] : [],
  );
  const [first] = fragments;
  if (first === undefined) throw new Error('no fragment');
  const all = { body: 0, end: file.length };
  const mdhd = findBox(file, ['moov', 'trak', 'mdia', 'mdhd'], all);
  // Version 0 has times of 32 bits in front of the timescale (8.4.2).
  if (file[mdhd.body] !== 0) throw new Error('mdhd of another version');
  const segments = fragments.map(([moof, mdat]) => readSegment(file.subarray(moof.start, mdat.end)));
  return {
    init: file.subarray(0, first[0].start),
    timescale: file.readUInt32BE(mdhd.body + 12),
    segments,
    duration: segments.reduce((sum, { duration }) => sum + duration, 0),
  };
}

function readSegment(bytes: Buffer): Segment {
  const all = { body: 0, end: bytes.length };
  const tfdt = findBox(bytes, ['moof', 'traf', 'tfdt'], all);
  if (bytes[tfdt.body] !== 1) throw new Error('tfdt of another version');
  return {
    bytes,
    time: Number(bytes.readBigUInt64BE(tfdt.body + 4)),
    duration: durationOf(bytes, all),
    at: { sequence: findBox(bytes, ['moof', 'mfhd'], all).body + 4, time: tfdt.body + 4 },
  };
}

/** Samples have a duration each (flag 0x100 of `trun`), or all the default one (flag 0x8 of `tfhd`); 8.8.7 and 8.8.8. */
function durationOf(bytes: Buffer, all: Pick<Box, 'body' | 'end'>): number {
  const tfhd = findBox(bytes, ['moof', 'traf', 'tfhd'], all);
  const trun = findBox(bytes, ['moof', 'traf', 'trun'], all);
  const flags = bytes.readUIntBE(trun.body + 1, 3);
  const samples = bytes.readUInt32BE(trun.body + 4);
  const has = (flag: number): number => (flags & flag ? 4 : 0);
  if (!has(0x100)) {
    const fields = bytes.readUIntBE(tfhd.body + 1, 3);
    if (!(fields & 0x8)) throw new Error('samples without a duration');
    // Behind the id of the track: data offset (8 bytes) and description index (4), where they are there.
    return samples * bytes.readUInt32BE(tfhd.body + 8 + (fields & 0x1 ? 8 : 0) + (fields & 0x2 ? 4 : 0));
  }
  const width = has(0x100) + has(0x200) + has(0x400) + has(0x800);
  const first = trun.body + 8 + has(0x1) + has(0x4);
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += bytes.readUInt32BE(first + i * width);
  return sum;
}

/** The segment at another place of an endless track: same samples, another number and time. */
export function segmentAt({ bytes, at }: Segment, { sequence, time }: { sequence: number; time: number }): Buffer {
  const moved = Buffer.from(bytes);
  moved.writeUInt32BE(sequence, at.sequence);
  moved.writeBigUInt64BE(BigInt(time), at.time);
  return moved;
}

import type { TestKey } from '../../helpers/sign.ts';

/** 32 bytes that count up: nobody can mistake them for a secret, and a byte that is lost or swapped shows. */
const counting = (from: number): string =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => from + i)).toString('base64url');

/** In the state of both deployments. Base64url of the second one's keys has `-` and `_`. */
export const KEY1: TestKey = { kid: 'test-1', sign: counting(0x00), bind: counting(0x20) };
export const KEY2: TestKey = { kid: 'test-2', sign: counting(0xc0), bind: counting(0xe0) };
/** In no state. */
export const KEY9: TestKey = { kid: 'test-9', sign: counting(0x40), bind: counting(0x60) };

/** 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000;
export const AUDIENCE = 'acme/test';
export const SESSION = 'Session-of_22-letters_';
export const IPV4 = '203.0.113.77';
export const IPV6 = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
export const AGENT = 'Player/1.0 (TV; 2:3)';
export const HOST = 'video.example.com';

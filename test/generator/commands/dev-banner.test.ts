/** Where the local edge says that it can be reached. */
import { expect, it } from 'vitest';
import { addressOf, networkAddresses } from '../../../generator/commands/dev/banner.ts';

it('is typed into a browser as it stands', () => {
  expect(addressOf('127.0.0.1', 8787)).toBe('http://localhost:8787/');
  expect(addressOf('192.0.2.7', 80)).toBe('http://192.0.2.7:80/');
  expect(addressOf('2001:db8::7', 8787)).toBe('http://[2001:db8::7]:8787/');
});

it('names addresses of the network only where it listens at them', () => {
  expect(networkAddresses('127.0.0.1', 8787)).toEqual([]);
  for (const address of networkAddresses('0.0.0.0', 8787))
    expect(address).toMatch(/^http:\/\/(?!127\.)(?:\d+\.){3}\d+:8787\/$/);
});

/** Changes of the path: tricks, damage, other places, second tokens. */
import { tricks } from '../adversarial/cases/path-tricks.ts';
import { type Change, damage } from './change.ts';
import { LYING } from './lying.ts';
import type { Random } from './random.ts';

const PLACES = [
  '/vod/a',
  '/vod/premium/x',
  '/session/a',
  '/all/ch1/x',
  '/ads/x',
  '/ads/vip/x',
  '/all/free/x',
  '/other/a',
  '/query/a',
  '/cookie/a',
  '/header/a',
  '/report/a',
  '/off/a',
  '/hosted/a',
  '/site/a',
  '/',
  '/vod',
  '/network/a',
  '/device/a',
];

const insert = (text: string, piece: string, r: Random): string => {
  const cuts = [...text.matchAll(/\//g)].map((match) => match.index);
  const at = (cuts.length > 0 ? r.pick(cuts) : 0) + 1;
  return `${text.slice(0, at)}${piece}${r.chance(0.7) ? '/' : ''}${text.slice(at)}`;
};
const escapeOne = (text: string, r: Random): string => {
  const at = r.int(text.length);
  const hex = text.charCodeAt(at).toString(16).padStart(2, '0');
  return `${text.slice(0, at)}%${r.chance(0.5) ? hex.toUpperCase() : hex}${text.slice(at + 1)}`;
};

export const pathChanges: Change[] = [
  { name: 'a trick in the path', apply: (d, r) => void d.edits.url.push((text) => insert(text, r.pick(tricks), r)) },
  {
    name: 'path damaged',
    apply: (d, r) => {
      d.path = damage(d.path, r);
    },
  },
  { name: 'URL damaged', apply: (d, r) => void d.edits.url.push((text) => damage(text, r)) },
  { name: 'a character escaped', apply: (d, r) => void d.edits.url.push((text) => escapeOne(text, r)) },
  {
    name: 'escapes in lower case',
    apply: (d) => void d.edits.url.push((text) => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
  },
  {
    name: 'a path elsewhere',
    apply: (d, r) => {
      d.path = r.pick(PLACES);
    },
  },
  {
    name: 'a path under one of the claims',
    apply: (d, r) => {
      d.path = `${r.pick([d.claims.paths, d.claims.exc].flat().filter((path) => typeof path === 'string' && path !== '')) ?? '/'}x`;
    },
  },
  {
    name: 'a file deeper',
    apply: (d) => {
      d.path = `${d.path.replace(/\/?$/, '/')}deeper/x.ts`;
    },
  },
  {
    name: 'about 8,192 characters',
    apply: (d, r) => {
      const size = 8190 + r.int(5);
      d.edits.url.push((text) => text.replace(/\/?$/, '/').padEnd(size, 'a'));
    },
  },
  { name: 'no slash in front', apply: (d) => void d.edits.url.push((text) => text.slice(1)) },
  {
    name: 'a second token in the path',
    apply: (d, r) => void d.edits.url.push((text) => insert(text, r.pick(LYING), r)),
  },
  {
    name: 'the token twice',
    apply: (d) => void d.edits.url.push((text) => text.replace(/^\/[^/]*/, (part) => part + part)),
  },
];

/**
 * What `cloudfront-js-2.0` offers, as tables: the only place that states it. Source: Amazon CloudFront Developer Guide,
 * "JavaScript runtime 2.0 features for CloudFront Functions". Where the guide is silent the answer is no. A few things it
 * lists are left out, because njs 0.7.9 lacks them and the text could then not be run anywhere but in AWS.
 */

/** The limit of a CloudFront Function's code, in bytes; AWS does not raise it. */
export const MAX_EDGE_BYTES = 10_240;

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Modules that `import` and `require` may name. */
export const IMPORTABLE = words('cloudfront crypto');
export const REQUIRABLE = words('crypto querystring buffer');

/** Members of the modules, whatever the local name they are imported under. */
export const MODULE_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  cloudfront: words('kvs cwt edgeLocation updateRequestOrigin selectRequestOriginById createRequestOriginGroup'),
  crypto: words('createHash createHmac'),
  querystring: words('escape unescape parse decode stringify encode'),
  buffer: words('Buffer'),
};

const MATH = `E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh
  exp expm1 floor fround hypot imul log log1p log2 log10 max min pow random round sign sinh sin sqrt tan tanh trunc`;
const OBJECT = `create defineProperties defineProperty freeze getOwnPropertyDescriptor getOwnPropertyDescriptors
  getOwnPropertyNames getPrototypeOf isExtensible isFrozen isSealed keys preventExtensions seal assign entries values is
  setPrototypeOf prototype`;
const NUMBER = `EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY
  isFinite isInteger isNaN isSafeInteger parseInt parseFloat prototype`;
const TYPED = words('from of prototype BYTES_PER_ELEMENT');
const NOTHING = words('prototype');

/** Global objects with the static members they have. */
export const GLOBAL_MEMBERS: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: words(OBJECT),
  String: words('fromCharCode fromCodePoint prototype'),
  Number: words(NUMBER),
  Boolean: NOTHING,
  Math: words(MATH),
  Date: words('now parse UTC prototype'),
  RegExp: NOTHING,
  JSON: words('parse stringify'),
  Array: words('isArray of prototype'),
  ArrayBuffer: words('isView prototype'),
  DataView: NOTHING,
  Promise: words('all allSettled any reject resolve race prototype'),
  Symbol: words('for keyFor prototype'),
  TextDecoder: NOTHING,
  TextEncoder: NOTHING,
  Buffer: words('alloc allocUnsafe byteLength compare concat from isBuffer isEncoding prototype'),
  console: words('log'),
  ...Object.fromEntries(
    [...words('Float32 Float64 Int8 Int16 Int32 Uint8 Uint8Clamped Uint16 Uint32')].map((t) => [`${t}Array`, TYPED]),
  ),
  ...Object.fromEntries(
    [...words('Error EvalError InternalError RangeError ReferenceError SyntaxError TypeError URIError')].map((name) => [
      name,
      NOTHING,
    ]),
  ),
};

/** Global functions and constants. `globalThis` exists but is left out: what is reached through it cannot be checked. */
export const GLOBALS = new Set([
  ...Object.keys(GLOBAL_MEMBERS),
  ...words(`decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt atob btoa NaN
    Infinity undefined`),
]);

/** Globals people expect, and what to say about each. */
export const REFUSED_GLOBALS: Readonly<Record<string, string>> = {
  eval: 'Dynamic code evaluation throws at the edge.',
  Function: 'Dynamic code evaluation throws at the edge.',
  setTimeout: 'There are no timers at the edge.',
  setInterval: 'There are no timers at the edge.',
  setImmediate: 'There are no timers at the edge.',
  clearTimeout: 'There are no timers at the edge.',
  process: 'There is no process and no environment variable; use the settings or the KeyValueStore.',
  fs: 'There is no file system at the edge.',
  fetch: 'There is no network at the edge.',
  XMLHttpRequest: 'There is no network at the edge.',
  globalThis: 'What is reached through it cannot be checked; name the global itself.',
  module: 'The function is not a CommonJS module.',
  exports: 'The function is not a CommonJS module.',
  structuredClone: 'It is not in the runtime; copy the members you need.',
  Map: 'It is not in the runtime; use Object.create(null).',
  Set: 'It is not in the runtime; use Object.create(null).',
  WeakMap: 'It is not in the runtime.',
  BigInt: 'It is not in the runtime.',
  URL: 'It is not in the runtime; the event has the parts.',
  URLSearchParams: 'It is not in the runtime; the event has the parts.',
};

/**
 * Methods of standard objects that the runtime lacks (or, `replaceAll`, that njs 0.7.9 lacks). They are refused on every
 * receiver: types are unknown here, and a home-made method can have another name.
 */
export const REFUSED_METHODS = words(`at flat flatMap findLast findLastIndex toSorted toReversed toSpliced
  keys values entries matchAll replaceAll normalize localeCompare toLocaleString toLocaleLowerCase toLocaleUpperCase
  isWellFormed toWellFormed trimLeft trimRight anchor compile bytesFrom fromBytes fromUTF8 toBytes toUTF8
  hasOwn fromEntries groupBy timingSafeEqual getRandomValues randomBytes randomUUID`);

/** Regular expression flags of ES 5.1. */
export const REGEXP_FLAGS = /^[gim]*$/;

/** Algorithms and encodings of the crypto module. */
export const HASHES = words('md5 sha1 sha256');
export const ENCODINGS = words('hex base64 base64url');

/**
 * The script that makes a fresh realm of JavaScript into that of a CloudFront Function: the globals of `cloudfront-js-2.0`
 * and no other, its modules, and intrinsic objects that nobody can change. It runs once; then each call gets all of the
 * function's text anew, so that nothing that a call leaves behind is there for the next one.
 *
 * Only texts and numbers cross the border, in both directions: an object from outside would bring its own realm along.
 */
export const REALM = `
(function (host, offered) {
  'use strict';
  const { Uint8Array, JSON, Error, Object, Promise, Reflect, Set, String, TypeError, Array } = globalThis;
  const RealDate = Date;

  /** Runs something of the host's. Its errors are objects of its realm: only the message comes through. */
  const outside = (run) => {
    let message;
    try { return run(); } catch (error) { message = String(error && error.message); }
    throw new Error(message);
  };

  class Bytes extends Uint8Array {
    static alloc(size, fill, encoding) {
      const made = new Bytes(size);
      if (fill !== undefined) made.fill(fill, 0, size, encoding);
      return made;
    }
    static allocUnsafe(size) { return new Bytes(size); }
    static from(value, encoding, length) {
      if (typeof value === 'string') return copied(outside(() => host.bytes(value, encoding)));
      if (value instanceof ArrayBuffer) return new Bytes(value, encoding, length);
      return new Bytes(Array.isArray(value) || ArrayBuffer.isView(value) ? value : Object.values(value));
    }
    static byteLength(value, encoding) {
      return typeof value === 'string' ? outside(() => host.byteLength(value, encoding)) : value.byteLength;
    }
    static compare(a, b) { return outside(() => host.method('compare', a, [b])); }
    static concat(list, total) {
      const made = new Bytes(total === undefined ? list.reduce((sum, part) => sum + part.length, 0) : total);
      let at = 0;
      for (const part of list) { made.set(part.subarray(0, made.length - at), at); at += part.length; }
      return made;
    }
    static isBuffer(value) { return value instanceof Bytes; }
    static isEncoding(value) { return outside(() => host.isEncoding(value)); }
    slice(...range) { return this.subarray(...range); }
    fill(value, ...more) {
      if (typeof value !== 'string') return super.fill(value, ...more.slice(0, 2));
      outside(() => { host.method('fill', this, [value, ...more]); });
      return this;
    }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
  }
  for (const name of host.methods.split(' '))
    Object.defineProperty(Bytes.prototype, name, {
      value(...rest) { return outside(() => host.method(name, this, rest)); },
      writable: true, configurable: true,
    });

  function copied(bytes) {
    const made = new Bytes(bytes.length);
    made.set(bytes);
    return made;
  }

  function digester(name, key) {
    let parts = [];
    return {
      update(data, encoding) {
        if (parts === undefined) throw new Error('Digest already called');
        parts.push(typeof data === 'string' && encoding !== undefined ? Bytes.from(data, encoding) : data);
        return this;
      },
      digest(encoding) {
        if (parts === undefined) throw new Error('Digest already called');
        const all = parts;
        parts = undefined;
        const made = outside(() => host.digest(name, key, all));
        return encoding === undefined ? copied(made) : outside(() => made.toString(encoding));
      },
    };
  }
  const algorithm = (name) => {
    if (name !== 'md5' && name !== 'sha1' && name !== 'sha256') throw new TypeError('not supported algorithm: ' + name);
    return name;
  };
  const crypto = {
    createHash: (name) => digester(algorithm(name), undefined),
    createHmac: (name, key) => digester(algorithm(name), key),
  };

  const querystring = {};
  for (const name of ['parse', 'stringify', 'escape', 'unescape'])
    querystring[name] = (...rest) => JSON.parse(outside(() => host.query(name, JSON.stringify(rest))));
  querystring.decode = querystring.parse;
  querystring.encode = querystring.stringify;

  // Of the call that runs now.
  let now = 0;
  let logs = [];
  let reads = [];
  let origin;

  const store = {
    get(key, options) {
      key = String(key);
      reads.push('get ' + key);
      return new Promise((done) => {
        const value = outside(() => host.get(key));
        if (value === undefined) throw new Error('KeyNotFound');
        done(options && options.format === 'json' ? JSON.parse(value) : value);
      });
    },
    exists(key) {
      key = String(key);
      reads.push('exists ' + key);
      return new Promise((done) => { done(outside(() => host.has(key))); });
    },
  };
  const cloudfront = {
    kvs: () => store,
    selectRequestOriginById(id) { origin = String(id); },
    edgeLocation: { name: 'LOCAL', serverIp: '127.0.0.1', region: 'local' },
  };

  const modules = { cloudfront, crypto, querystring, buffer: { Buffer: Bytes } };
  const require = (name) => {
    if (!Object.hasOwn(modules, name)) throw new Error('Cannot find module "' + name + '"');
    return modules[name];
  };

  function FrozenDate(...parts) {
    if (new.target === undefined) return new RealDate(now).toString();
    return parts.length === 0 ? new RealDate(now) : new RealDate(...parts);
  }
  FrozenDate.now = () => now;
  FrozenDate.parse = RealDate.parse;
  FrozenDate.UTC = RealDate.UTC;
  FrozenDate.prototype = RealDate.prototype;
  RealDate.prototype.constructor = FrozenDate;

  const base64 = (text) => {
    text = String(text);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
      throw new TypeError('the string to be decoded is not correctly encoded');
    return outside(() => host.convert(text, 'base64', 'latin1'));
  };

  const made = {
    Date: FrozenDate,
    Buffer: Bytes,
    console: { log(line) { logs.push(String(line)); } },
    atob: base64,
    btoa: (text) => outside(() => host.convert(String(text), 'latin1', 'base64')),
    TextEncoder: class { encode(text) { return new Uint8Array(Bytes.from(String(text === undefined ? '' : text))); } },
    TextDecoder: class { decode(bytes) { return bytes === undefined ? '' : outside(() => host.method('toString', bytes, ['utf8'])); } },
    InternalError: class InternalError extends Error {},
  };
  for (const [name, value] of Object.entries(made))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  const keep = new Set(offered.split(' '));
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (!keep.has(name) && name !== 'globalThis') Reflect.deleteProperty(globalThis, name);

  // Everything that a text can reach is made fast: what it would write there, the next call would find.
  const seen = new Set();
  const freeze = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    // The global object of a realm cannot be frozen; no text gets hold of it, see below.
    if (value === globalThis) return;
    if (!ArrayBuffer.isView(value)) Object.freeze(value);
    freeze(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      freeze(descriptor.value);
      freeze(descriptor.get);
      freeze(descriptor.set);
    }
  };
  for (const name of Object.getOwnPropertyNames(globalThis)) freeze(globalThis[name]);
  const odd = [async () => {}, function* () {}, async function* () {}, [][Symbol.iterator](), ''[Symbol.iterator](), /./g[Symbol.matchAll]('')];
  for (const value of [...odd, require, modules, cloudfront, store, crypto, querystring, Bytes, RealDate]) freeze(value);

  const failed = (error) => { host.give(JSON.stringify({ threw: String(error), logs, reads, origin })); };
  /** "load" runs the text from its first line and gives its handler. */
  return (load) => () => {
    try {
      const run = JSON.parse(host.input);
      now = run.now;
      logs = [];
      reads = [];
      origin = undefined;
      const { rawQuery } = run;
      if (rawQuery !== null) run.event.request.rawQueryString = () => rawQuery;
      load(require)(run.event).then((answer) => { host.give(JSON.stringify({ answer, logs, reads, origin })); }).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
})`;

/** What stands beside the text of an edge function when njs runs it. */

/**
 * The module `cloudfront`. What a request meets is in `globalThis.__world`: `get` and `has` of the store, which may throw,
 * and `reads` and `origin`, which are written.
 */
export const CLOUDFRONT = `
function world() { return globalThis.__world; }
function asked(read) {
  try { return Promise.resolve(read()); } catch (error) { return Promise.reject(error); }
}
export default {
  kvs() {
    return {
      get(key) {
        world().reads.push('get ' + key);
        return asked(function () {
          const value = world().get(key);
          if (value === undefined) throw new Error('KeyNotFound');
          return value;
        });
      },
      exists(key) {
        world().reads.push('exists ' + key);
        return asked(function () { return world().has(key); });
      },
      meta() { return Promise.resolve({ keyCount: 1 }); },
    };
  },
  selectRequestOriginById(id) { world().origin = id; },
  updateRequestOrigin() {},
  edgeLocation: { name: 'CDG', serverIp: '192.0.2.1', region: 'eu-west-3' },
};
`;

/**
 * Runs calls that come line by line, one after the other, and answers each with a line. A line is JSON in ASCII: either
 * `{store}`, the whole content of the store from now on, or `{call}`. An answer comes in pieces, the last of which begins
 * with `=`. "load" is a function that runs the text from its
 * first line and gives its handler.
 */
export const LINES = `
;(function () {
  const fs = require('fs');
  const say = console.log.bind(console);
  const chunk = Buffer.alloc(65536);
  let left = '';
  let store = {};
  console.log = function (line) { globalThis.__world.logs.push(String(line)); };
  function line() {
    const parts = [left];
    for (;;) {
      const last = parts[parts.length - 1];
      const end = last.indexOf('\\n');
      if (end >= 0) {
        parts[parts.length - 1] = last.slice(0, end);
        left = last.slice(end + 1);
        return parts.join('');
      }
      const size = fs.readSync(0, chunk, 0, chunk.length, null);
      if (size === 0) return undefined;
      parts.push(chunk.slice(0, size).toString());
    }
  }
  // What is longer than 2,048 bytes njs cuts off.
  function tell(text) {
    const size = 500;
    let from = 0;
    for (; from + size < text.length; from += size) say('+' + text.slice(from, from + size));
    say('=' + text.slice(from));
  }
  function has(key) { return Object.prototype.hasOwnProperty.call(store, key); }
  function next() {
    const text = line();
    if (text === undefined) return;
    const said = JSON.parse(text);
    if (said.store !== undefined) {
      store = said.store;
      next();
      return;
    }
    const run = said.call;
    const world = {
      logs: [],
      reads: [],
      origin: undefined,
      has: has,
      get: function (key) { return has(key) ? store[key] : undefined; },
    };
    globalThis.__world = world;
    Date.now = function () { return run.now; };
    const raw = run.rawQuery;
    if (raw !== null) run.event.request.rawQueryString = function () { return raw; };
    function done(answer, threw) {
      tell(JSON.stringify({ answer: answer, threw: threw, logs: world.logs, reads: world.reads, origin: world.origin }));
      next();
    }
    let promise;
    try { promise = load()(run.event); } catch (e) { done(undefined, String(e)); return; }
    promise.then(function (answer) { done(answer); }, function (e) { done(undefined, String(e)); });
  }
  next();
})();
`;

/**
 * Loaded by `--require` into the functions that ministack runs, for what it and this machine lack, and for what tests want to know:
 *
 * - The client puts the account in front of the host of its endpoint. Names below `localhost` are this machine (RFC 6761, 6.3),
 *   which not every resolver knows.
 * - ministack does not read the account from signatures of version 4a, which this service wants; from the query it does.
 * - The clock of functions runs ahead of the machine's by the seconds in the file `clock`.
 * - Every request to AWS is a line of the file `calls`: `PUT /path X-Amz-Target`.
 */
const dns = require('node:dns');
const { appendFileSync, readFileSync } = require('node:fs');
const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');

const FOLDER = process.env.EDGEPASS_TEST_FOLDER ?? '.';

const { lookup } = dns;
const { request } = http;

dns.lookup = (name, options, done) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, options, done);

http.request = (options, ...rest) => {
  const { method = 'GET', path = '', headers = {} } = options ?? {};
  appendFileSync(
    join(FOLDER, 'calls'),
    `${method} ${path} ${headers['x-amz-target'] ?? headers['X-Amz-Target'] ?? ''}\n`,
  );
  const [, account] = /^\/key-value-stores\/arn%3Aaws%3Acloudfront%3A%3A(\d{12})/.exec(path) ?? [];
  if (account === undefined) return request(options, ...rest);
  const credential = `X-Amz-Credential=${account}/20261124/us-east-1/cloudfront-keyvaluestore/aws4_request`;
  return request({ ...options, path: `${path}${path.includes('?') ? '&' : '?'}${credential}` }, ...rest);
};

syncBuiltinESMExports();

const RealDate = Date;

/** Milliseconds. */
function ahead() {
  try {
    return 1000 * Number(readFileSync(join(FOLDER, 'clock'), 'utf8'));
  } catch {
    return 0;
  }
}

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + ahead()] : given));
  }

  static now() {
    return RealDate.now() + ahead();
  }
};

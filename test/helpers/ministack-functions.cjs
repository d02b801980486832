/**
 * Loaded by `--require` into programs that talk to ministack's KeyValueStore, for two things that it and this machine lack:
 *
 * - The client puts the account in front of the host of its endpoint. Names below `localhost` are this machine (RFC 6761, 6.3),
 *   which not every resolver knows.
 * - ministack does not read the account from signatures of version 4a, which this service wants; from the query it does.
 */
const dns = require('node:dns');
const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');

const { lookup } = dns;
const { request } = http;

dns.lookup = (name, options, done) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, options, done);

http.request = (options, ...rest) => {
  const [, account] = /^\/key-value-stores\/arn%3Aaws%3Acloudfront%3A%3A(\d{12})/.exec(options?.path ?? '') ?? [];
  if (account === undefined) return request(options, ...rest);
  const credential = `X-Amz-Credential=${account}/20261124/us-east-1/cloudfront-keyvaluestore/aws4_request`;
  const path = `${options.path}${options.path.includes('?') ? '&' : '?'}${credential}`;
  return request({ ...options, path }, ...rest);
};

syncBuiltinESMExports();

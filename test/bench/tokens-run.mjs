// One row of the tokens benchmark, in a process of its own, so that no library runs code that another one has shaped, or collects its
// garbage: `node tokens-run.mjs <bundle of the library> <name> given|bound` prints seconds of one run.
import { createHmac, createSecretKey, randomBytes, subtle } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { createSigner } from 'fast-jwt';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const [bundle, name, kind] = process.argv.slice(2);
const { createIssuer, fixedKey, jwt, collectBound, signBound } = await import(bundle);

const WARM_UP = 10_000;
const TOKENS = 20_000;
/** Libraries that only give promises get many tokens at a time. */
const BATCH = 100;

const AUDIENCE = 'acme-video/prod';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const now = Math.floor(Date.now() / 1000);
const [signKey, bindKey] = [randomBytes(32), randomBytes(32)];
const keys = { kid: 'bench-1', sign: createSecretKey(signKey), bind: createSecretKey(bindKey) };
const record = {
  version: 1,
  audience: AUDIENCE,
  kid: keys.kid,
  sign: signKey.toString('base64url'),
  bind: bindKey.toString('base64url'),
  signFrom: now - 60,
  signUntil: now + 86_400,
};
const subscriber = {
  lifetime: 14_400,
  session: true,
  countries: ['FR', 'BE', 'CH'],
  bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
};
const issuer = createIssuer({
  audience: AUDIENCE,
  keys: fixedKey(record),
  policies: { subscriber },
  streams: { live: { paths: ['/live/'], policy: 'subscriber' } },
  domains: { media: { host: 'media.example.com' } },
});

/** Viewers and assets that differ, as they do where tokens are issued. */
const requests = Array.from({ length: 1000 }, (_, i) => ({
  policy: 'subscriber',
  url: `https://media.example.com/live/channel-${i}/index.m3u8`,
  viewer: { ip: `203.0.${i & 255}.${(i * 7) & 255}`, headers: { 'user-agent': `${AGENT} ${i}` } },
}));
/** What a minter without our library knows before it signs: the network is worked out already. */
const known = requests.map(({ viewer }, i) => ({
  folder: `/live/channel-${i}/`,
  network: viewer.ip.replace(/\d+$/, '0'),
  agent: viewer.headers['user-agent'],
}));
const shape = { 4: 24, 6: 56 };

function claimsFor(i) {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iat,
    exp: iat + subscriber.lifetime,
    aud: AUDIENCE,
    paths: [known[i].folder],
    ssn: randomBytes(16).toString('base64url'),
    co: subscriber.countries,
    ip: 24,
    ip_ver: 4,
    headers: subscriber.bind.headers,
    intsig: 'k4Ij1vS1cMR5aNqQ0m9f5o0lVbq9eBzDg2sN3mWwT1Y',
  };
}

const field = (text) => `${Buffer.byteLength(text)}:${text}`;

/** `intsig` as anybody would compute it. */
function bind(claims, i) {
  const { network, agent } = known[i];
  const fields = ['edgepass-bind-1', AUDIENCE, claims.ssn, `${claims.iat}`, `${claims.exp}`];
  const text = [...fields, 'i', '4/24', network, 'h', 'user-agent', agent].map(field).join('');
  claims.intsig = createHmac('sha256', keys.bind).update(text).digest('base64url');
  return claims;
}

const cryptoKey = await subtle.importKey('raw', signKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
const fast = createSigner({ key: signKey, algorithm: 'HS256', kid: keys.kid });
const header = { alg: 'HS256', typ: 'JWT', kid: keys.kid };

/** Each signs claims and gives a token, or a promise of one. */
const signers = {
  'edgepass/token': (claims) => jwt.encode(claims, keys).slice(23),
  'fast-jwt': (claims) => fast(claims),
  jsonwebtoken: (claims) => jsonwebtoken.sign(claims, keys.sign, { algorithm: 'HS256', keyid: keys.kid }),
  jose: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(cryptoKey),
};

function ownBind(claims, i) {
  const bound = collectBound({ ip: shape, headers: subscriber.bind.headers }, requests[i].viewer, undefined);
  claims.intsig = signBound(claims, bound, keys.bind);
  return claims;
}

/** Rows of the table: what is done for the i-th token. */
const work = {
  'two createHmac, no more': {
    bound: (i) => {
      createHmac('sha256', keys.bind).update(requests[i].viewer.headers['user-agent']).digest('base64url');
      return createHmac('sha256', keys.sign).update(AGENT.repeat(4)).digest('base64url');
    },
  },
  'edgepass/token, issue()': { bound: async (i) => (await issuer.issue(requests[i])).token.slice(23) },
};
for (const [name, sign] of Object.entries(signers)) {
  const binding = name === 'edgepass/token' ? ownBind : bind;
  work[name] = { given: (i) => sign(claimsFor(i)), bound: (i) => sign(binding(claimsFor(i), i)) };
}

/** Throws unless a token says what all of them say. */
async function check(make, isBound) {
  const { payload, protectedHeader } = await jwtVerify(await make(7), keys.sign, { audience: AUDIENCE });
  const { iat, exp, ssn, intsig, ...rest } = payload;
  const { iat: _iat, exp: _exp, ssn: _ssn, intsig: made, ...expected } = claimsFor(7);
  const mac = isBound ? bind({ iat, exp, ssn }, 7).intsig : made;
  const same = exp - iat === subscriber.lifetime && ssn.length === 22 && intsig === mac;
  if (!same || !isDeepStrictEqual([rest, protectedHeader], [expected, header]))
    throw new Error(`${name} does not sign the same claims`);
}

async function timesOf(make, tokens) {
  const isAsync = make(0) instanceof Promise;
  const before = process.cpuUsage();
  const started = process.hrtime.bigint();
  for (let i = 0; i < tokens; i++) {
    if (!isAsync) make(i % 1000);
    else if (i % BATCH === 0) await Promise.all(Array.from({ length: BATCH }, (_, at) => make((i + at) % 1000)));
  }
  const elapsed = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(before);
  return { elapsed, cpu: (user + system) / 1e6 };
}

const make = work[name][kind];
if (name !== 'two createHmac, no more') await check(make, kind === 'bound');
await timesOf(make, WARM_UP);
const { elapsed, cpu } = await timesOf(make, TOKENS);
process.stdout.write(JSON.stringify({ elapsed: elapsed / TOKENS, cpu: cpu / TOKENS }));

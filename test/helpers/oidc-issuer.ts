/** An OpenID Connect issuer on loopback: real HTTP, real keys, and a test can rotate them or take it off the net. */
import { createServer, type Server } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface OidcIssuer {
  /** As in `iss`. */
  issuer: string;
  /** Requests for the keys so far. */
  asked: number;
  /** Answers 500 while it is true. */
  down: boolean;
  /** Another key from now on; the old one is published no more. */
  rotate(): Promise<void>;
  /** An access token as RFC 9068 has it, with changes; `undefined` takes a claim out. */
  token(claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** The public key, as it is published. */
  jwk(): JWK;
  stop(): Promise<void>;
}

interface Key {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

export const AUDIENCE = 'https://api.example.com';

export async function oidcIssuer({ now = () => Date.now() }: { now?: () => number } = {}): Promise<OidcIssuer> {
  let count = 0;
  const make = async (): Promise<Key> => {
    count += 1;
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = `key-${count}`;
    return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
  };
  let key = await make();
  const server: Server = createServer((request, response) => {
    if (made.down) {
      response.writeHead(500).end();
      return;
    }
    const isMetadata = request.url === '/.well-known/openid-configuration';
    if (!isMetadata) made.asked += 1;
    const body = isMetadata ? { issuer: made.issuer, jwks_uri: `${made.issuer}/keys` } : { keys: [key.jwk] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const made: OidcIssuer = {
    issuer: `http://127.0.0.1:${port}`,
    asked: 0,
    down: false,
    rotate: async () => {
      key = await make();
    },
    token: (claims = {}, header = {}) => {
      const seconds = Math.floor(now() / 1000);
      const usual = {
        iss: made.issuer,
        aud: AUDIENCE,
        sub: 'user-1',
        client_id: 'app',
        iat: seconds,
        exp: seconds + 300,
      };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    jwk: () => key.jwk,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return made;
}

/** Takes a token apart without a key. What is wrong is said with its place; what can be read is read all the same. */
import { MAX_TOKEN } from '../../../runtime/token/claims.ts';
import { claimFaults } from './claim-faults.ts';
import { headerFaults } from './header-faults.ts';

export interface Fault {
  /** `form`: no token at all. `content`: a token, and the edge refuses it. */
  kind: 'form' | 'content';
  message: string;
}

export interface Decoded {
  session: string | undefined;
  header: unknown;
  claims: unknown;
  faults: Fault[];
}

const NAMES = ['session', 'header', 'payload', 'signature'] as const;

export function takeApart(text: string): Decoded {
  const faults: Fault[] = [];
  const form = (message: string): void => void faults.push({ kind: 'form', message });
  const parts = text.split('.');
  const decoded: Decoded = { session: undefined, header: undefined, claims: undefined, faults };
  if (parts.length !== 3 && parts.length !== 4) {
    form(
      `A token has 3 parts with dots between them (header, payload, signature), or 4 with a session in front; this has ${parts.length}.`,
    );
    return decoded;
  }
  if (text.length > MAX_TOKEN) form(`The edge reads tokens of up to ${MAX_TOKEN} characters; this has ${text.length}.`);
  const names = NAMES.slice(4 - parts.length);
  for (const [index, part] of parts.entries()) {
    const wrong = alphabetFault(part, names[index] as string);
    if (wrong !== undefined) form(wrong);
  }
  if (parts.length === 4) decoded.session = parts[0] as string;
  if (decoded.session !== undefined && (decoded.session.length < 16 || decoded.session.length > 64))
    form(`The session has ${decoded.session.length} characters; 16 to 64 are allowed.`);
  const [header, payload, signature] = parts.slice(-3) as [string, string, string];
  if (!/^[\w-]{42}[AEIMQUYcgkosw048]$/.test(signature))
    form(
      signature.length === 43
        ? 'The last character of the signature carries bits that must be zero.'
        : `The signature has ${signature.length} characters; that of HS256 has 43.`,
    );
  decoded.header = readPart(header, 'header', form);
  decoded.claims = readPart(payload, 'payload', form);
  const content = (message: string): void => void faults.push({ kind: 'content', message });
  if (decoded.header !== undefined) for (const message of headerFaults(decoded.header, header)) content(message);
  if (decoded.claims !== undefined)
    for (const message of claimFaults(decoded.claims, decoded.session)) content(message);
  return decoded;
}

function alphabetFault(part: string, name: string): string | undefined {
  if (part === '') return `The ${name} is empty.`;
  const at = part.search(/[^\w-]/);
  if (at === -1) return undefined;
  const found = part.codePointAt(at) as number;
  const shown =
    found > 32 && found < 127
      ? `"${String.fromCodePoint(found)}"`
      : `U+${found.toString(16).padStart(4, '0').toUpperCase()}`;
  const more = shown === '"="' ? ': base64url is written without padding here' : ', which base64url does not have';
  return `Character ${at + 1} of the ${name} is ${shown}${more}.`;
}

/** The JSON of a part, or `undefined`, which no JSON text gives. */
function readPart(part: string, name: string, form: (message: string) => void): unknown {
  if (!/^[\w-]+$/.test(part)) return undefined;
  if (part.length % 4 === 1) {
    form(`The ${name} has ${part.length} characters, which is no possible length in base64url: was it cut?`);
    return undefined;
  }
  const bytes = Buffer.from(part, 'base64url');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    form(`The ${name} is not UTF-8 text.`);
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // What JSON.parse has to say quotes the text.
    form(`The ${name} is not JSON.`);
    return undefined;
  }
}

import { describe, expect, it } from 'vitest';
import { isOurs, plainError } from '../../../runtime/aws/plain-error.ts';
import { ConflictError } from '../../../runtime/aws/try-again.ts';
import { KEYS_REFUSALS, KeysRefusal } from '../../../runtime/base/keys-refusal.ts';
import { RecordError } from '../../../runtime/keys/record-error.ts';

/** As the SDK makes it. */
function awsError(name: string, message: string, more: object = {}): Error {
  const $metadata = { httpStatusCode: 400, requestId: '8c9d-11', attempts: 1 };
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata, ...more });
}

const WORDS = 'its words are not told, because they may quote keys';

it('ours are told as they are', () => {
  const all = [
    ...KEYS_REFUSALS.map((code) => new KeysRefusal(code, 'No.')),
    new RecordError('x'),
    new ConflictError('x'),
  ];
  for (const error of all) expect([plainError(error), isOurs(error)]).toEqual([error, true]);
});

describe('of others', () => {
  it.each<[string, unknown, string, string]>([
    ['AWS', awsError('ThrottlingException', 'secret'), 'ThrottlingException', 'HTTP 400, request 8c9d-11'],
    [
      'IAM',
      awsError(
        'AccessDeniedException',
        'User: arn:aws:sts::111122223333:assumed-role/acme-dev-keys/keys is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/acme-dev because no identity-based policy allows it: secret',
      ),
      'AccessDeniedException',
      'not authorized to perform dynamodb:GetItem on arn:aws:dynamodb:eu-west-1:111122223333:table/acme-dev, HTTP 400, request 8c9d-11',
    ],
    ['the network', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), 'Error', 'ECONNRESET'],
    ['fetch', new TypeError('secret', { cause: { code: 'ENOTFOUND' } }), 'TypeError', 'ENOTFOUND'],
    ['the language', new TypeError('secret'), 'TypeError', WORDS],
    ['nobody', 'secret', 'Error', WORDS],
    ['nothing', undefined, 'Error', WORDS],
    ['a name that is none', Object.assign(new Error('x'), { name: 'sec ret', code: 'sec ret' }), 'Error', WORDS],
  ])('the kind is told, and the request: %s', (_of, error, name, message) => {
    const plain = plainError(error);
    expect([plain.name, plain.message, plain.cause, Object.keys(plain)]).toEqual([name, message, undefined, ['name']]);
    expect(JSON.stringify([plain.stack, { ...plain }])).not.toMatch(/sec ?ret/);
  });

  it('the place in the code is told', () => {
    const [first, frame = ''] = plainError(new TypeError('secret\n    at secret (x)')).stack?.split('\n') ?? [];
    expect(first).toBe(`TypeError: ${WORDS}`);
    expect(frame).toMatch(/^ {4}at .*plain-error\.test\.ts:\d+:\d+\)?$/);
  });
});

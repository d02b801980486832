/** What this module's code asks of AWS when it does everything that it can. */
import { MAX_ATTEMPTS } from '../../../runtime/demo/access.ts';
import { readObject, siteBucket } from '../../../runtime/demo/bucket.ts';
import { type PlayEnvironment, playEnvironment } from '../../../runtime/demo/environment.ts';
import { createPlay } from '../../../runtime/demo/play.ts';
import { clearSite, publishSite } from '../../../runtime/demo/publication.ts';
import { type Calls, type Recorded, type Ref, record } from '../../helpers/iam/recorded.ts';
import type { RecordedCall } from '../../helpers/iam/requests.ts';
import { deployedWorld } from '../api/deployed-world.ts';
import { asked, event } from '../api/world.ts';
import { siteFiles } from './site-files.ts';

export const recorded: Recorded = {
  functions: {
    play: (variables) => recordedPlay(playEnvironment(variables)),
    publish: (_, ref) => recordedPublish(ref),
  },
};

const CODE = 'c'.repeat(32);

async function recordedPlay(environment: PlayEnvironment): Promise<Calls> {
  const { project, environment: name, table, accessCodeArn } = environment;
  const world = await deployedWorld({ ...environment, assetTable: table }, `${project}/${name}`);
  world.secrets.create(accessCodeArn);
  world.secrets.edit(accessCodeArn, CODE);
  const play = createPlay({ ...world.parts, environment });
  /** Throws where the answer is another one: then not what was meant is recorded. */
  const ask = async (request: string, headers: Record<string, string> = {}, status = 200) => {
    const [method = '', path = ''] = request.split(' ');
    const sent = { headers: { 'x-edgepass-code': CODE, ...headers } };
    const answer = asked(await play(event(method, path, { kind: 'viewers', sent })));
    if (answer.status !== status) throw new Error(`${request}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const once = { 'idempotency-key': 'k'.repeat(32) };
  let [session, token] = ['', ''];
  return record(world.calls, [
    ['first request', () => ask('GET /assets')],
    ['list policies', () => ask('GET /policies')],
    [
      'playback',
      async () => {
        ({ session, token } = await ask('POST /playback/trailer', once, 201));
      },
    ],
    [
      'playback of what the demo does not show',
      () => ask('POST /playback/film', { 'idempotency-key': 'f'.repeat(32) }, 404),
    ],
    ['refresh', () => ask(`POST /sessions/${session}/refresh`, { 'x-edgepass-token': token })],
    ['revoke', () => ask(`POST /sessions/${session}/revocation`, { 'x-edgepass-token': token })],
    ['refresh of what is revoked', () => ask(`POST /sessions/${session}/refresh`, { 'x-edgepass-token': token }, 410)],
    ['wrong code', () => ask('GET /assets', { 'x-edgepass-code': 'guess' }, 401)],
    [
      'too many codes',
      async () => {
        for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1)
          await ask('GET /assets', { 'x-edgepass-code': 'guess' }, 401);
        await ask('GET /assets', {}, 429);
      },
    ],
  ]);
}

async function recordedPublish(ref: Ref): Promise<Calls> {
  const { zipped } = await siteFiles();
  const calls: RecordedCall[] = [];
  const client = {
    send: async (command: { input: object }) => {
      calls.push({ service: 's3', operation: command.constructor.name.replace(/Command$/, ''), input: command.input });
      const Body = { transformToByteArray: async () => zipped };
      return { Body, Contents: [{ Key: 'old.html', LastModified: new Date(0) }] };
    },
  } as never;
  const bucket = siteBucket(client, ref('SiteBucket'));
  // Packages are where the template says; parameters of a stack have their own names as values in these tests.
  const at = { Bucket: 'ArtifactBucket', Key: 'functions/0000.zip' };
  return record(calls, [
    ['deployment', async () => publishSite({ packed: await readObject(client, at), bucket, now: Date.now() })],
    ['deletion', () => clearSite(bucket)],
  ]);
}

import { join, relative } from 'node:path';
import { typedEnvironment } from '../config/environment.ts';
import type { ResolvedEnvironment } from '../config/resolve.ts';
import type { LocalEdge } from '../local/edge.ts';
import type { EdgeText } from '../local/edge-text.ts';
import type { SiteFiles } from '../local/site.ts';
import type { StateFolder } from '../local/state/folder.ts';
import type { Environment } from '../modules/contract.ts';
import { plan } from '../modules/plan.ts';
import type { Project } from '../project.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { type Args, type Command, EXIT, type Io } from './command.ts';
import { addressOf, banner } from './dev/banner.ts';
import { faultOf } from './dev/faults.ts';
import { leftOutText, lines, verdictText } from './dev/lines.ts';
import { noticesOf } from './dev/notices.ts';
import { DEV_OPTIONS, type DevOptions, readOptions } from './dev/options.ts';
import { viewersPlace } from './dev/place.ts';
import { programOf } from './dev/program.ts';
import { open } from './open.ts';
import { show } from './show.ts';

export const dev: Command = {
  name: 'dev',
  summary: 'Run the edge on this machine, with a test stream, keys and revocations, and no AWS account',
  usage: '[--env <environment>] [options]',
  options: DEV_OPTIONS,
  positionals: { min: 0, max: 0 },
  details: `Runs the function that \`generate\` writes, in front of a test stream or of --origin, and prints what becomes of each request.
Keys and revocations are kept in .edgepass/dev/<environment>; tokens of this machine are good on this machine only.
A path that begins with /~country/BE/ is answered as to a viewer in that country.

With --json every line is a JSON document: first where it listens, then one for each request, or { "leftOut": n } for those that
nobody read in time. What keeps it from starting is one document over several lines, as of every command. Ctrl-C ends it.`,
  async run(args, io) {
    const options = readOptions(args);
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const { environments, modules, root, cacheDir } = opened.value;
    const resolved = chosen(environments);
    const planned = plan(resolved, modules);
    if (!planned.ok) return show(planned.diagnostics, args, io);
    // Loaded after the mistakes: a wrong option is told at once.
    const { edgeText } = await import('../local/edge-text.ts');
    const text = await edgeText(planned.value, { root, cacheDir });
    if (!text.ok) return show(text.diagnostics, args, io);
    const { siteFiles } = await import('../local/site.ts');
    const site = await siteFiles(modules, { cacheDir });
    if (!site.ok) return show(site.diagnostics, args, io);
    const { environment } = planned.value;
    return serve({ args, io, options, project: opened.value, environment, text: text.value, site: site.value });
  },
};

/** With `--env` there is just that one. */
function chosen(environments: readonly ResolvedEnvironment[]): ResolvedEnvironment {
  const found = environments.find((one) => !typedEnvironment(one).protected) ?? environments[0];
  if (found === undefined) throw new Error('a project without an environment');
  return found;
}

interface Serving {
  args: Args;
  io: Io;
  options: DevOptions;
  project: Project;
  environment: Environment;
  text: EdgeText;
  site: SiteFiles | undefined;
}

async function serve(serving: Serving): Promise<number> {
  const { args, io, options, project, environment } = serving;
  const { ignoreFolder, openFolder } = await import('../local/state/folder.ts');
  const top = join(project.root, '.edgepass');
  const folder = join(top, 'dev', environment.name);
  const at = { host: options.host, port: options.port, folder: relative(io.cwd, folder) };
  let state: StateFolder | undefined;
  try {
    const njs = options.engine === 'njs' ? programOf('njs', io) : undefined;
    if (options.engine === 'njs' && njs === undefined) return show([NO_NJS], args, io);
    ignoreFolder(top);
    state = openFolder(folder, options);
    const edge = await start(serving, { state, ...(njs && { njs }) });
    await new Promise<void>((done) => {
      if (io.interrupted.aborted) done();
      io.interrupted.addEventListener('abort', () => done(), { once: true });
    });
    await edge.close();
    return EXIT.fine;
  } catch (error) {
    const fault = faultOf(error, at);
    if (fault === undefined) throw error;
    return show([fault], args, io);
  } finally {
    state?.release();
  }
}

const NO_NJS: Diagnostic = {
  code: 'EP8006',
  severity: 'error',
  message: 'There is no program njs on this machine.',
  hint: 'On Debian and Ubuntu: apt-get install njs. Or leave --engine out.',
};

async function start(
  { args, io, options, environment, text, site }: Serving,
  { state, njs }: { state: StateFolder; njs?: string },
): Promise<LocalEdge> {
  const { openEdge } = await import('../local/edge.ts');
  const print = lines({
    write: io.stdout,
    print: (verdict) => (args.json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict, io.color)),
    leftOut: (count) => (args.json ? `${JSON.stringify({ leftOut: count })}\n` : leftOutText(count, io.color)),
  });
  const whereabouts = viewersPlace(options.place, environment);
  const edge = await openEdge({
    ...options,
    environment,
    edge: text,
    state,
    packageRoot: io.packageRoot,
    version: io.version,
    ...(site && { site }),
    whereabouts,
    ...(njs !== undefined && { njs }),
    now: Date.now,
    report: print.add,
    failed: (error) => io.stderr(`edgepass: ${(error as Error).message}\n`),
  });
  const notices = noticesOf(environment, edge, options);
  const url = addressOf(options.host, edge.port);
  if (args.json) io.stdout(`${JSON.stringify({ url, environment: environment.name, diagnostics: notices })}\n`);
  else {
    show(notices, args, io);
    io.stdout(
      banner({ url, environment, text, options, place: whereabouts, edge, folder: relative(io.cwd, state.path) }),
    );
  }
  return {
    ...edge,
    async close() {
      await edge.close();
      print.flush();
      if (!args.json) io.stderr('Stopped.\n');
    },
  };
}

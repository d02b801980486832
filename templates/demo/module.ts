/** A website with a player that shows what protects a stream. For trying out, not for production. */
import { defineModule } from '../../generator/modules/contract.ts';
import { siteHeaders } from '../../runtime/demo/site-headers.ts';
import { play, publish } from './functions.ts';
import { permissions } from './permissions.ts';
import { rules } from './rules.ts';
import type { DemoSettings } from './settings.ts';
import { view } from './view.ts';

export default defineModule<DemoSettings>({
  title: 'Demo',
  summary: 'Website with a player that shows what protects a stream; for trying out, not for production.',
  requires: ['base', 'api'],
  stacks: {
    home: {
      template: 'home.yaml.hbs',
      placement: 'home',
      description: 'edgepass: demo website with its distribution, access code and functions',
    },
  },
  functions: {
    site: { kind: 'site', entry: 'site/index.html', headers: siteHeaders },
    viewer: {
      kind: 'edge-function',
      entry: 'viewer.ts', // What the page sends of ours: the live token of its session, and the access code.
      configure: () => ({ flags: {}, settings: { accepted: ['x-edgepass-token', 'x-edgepass-code'] } }),
    },
    play,
    publish,
  },
  outputs: {
    url: { stack: 'home', description: 'Address of the demo website' },
    accessCodeConsole: { stack: 'home', description: 'Console page on which the access code is shown' },
    accessCodeArn: { stack: 'home', description: 'Secret with the access code' },
    distributionId: { stack: 'home', description: 'Distribution of the demo website' },
  },
  imports: [
    { stack: 'home', output: 'base.keyValueStoreArn' },
    { stack: 'home', output: 'base.issuerRecordArn' },
    { stack: 'home', output: 'base.revocationTable' },
    { stack: 'home', output: 'base.revocationTableArn' },
    { stack: 'home', output: 'base.homeAlarmTopicArn' },
    { stack: 'home', output: 'base.domainName' },
    { stack: 'home', output: 'api.assetTable' },
    { stack: 'home', output: 'api.assetTableArn' },
  ],
  view,
  rules,
  runtimeOwned: [],
  // The website is in its package, and a new access code is as good as the old one.
  stateful: [],
  permissions,
});

/** Token API: playback URLs, sessions and assets over HTTP, for services and for viewers. */
import { defineModule } from '../../generator/modules/contract.ts';
import { adoptions } from './adoptions.ts';
import { seed, services, viewers } from './functions.ts';
import { permissions } from './permissions.ts';
import { rules } from './rules.ts';
import type { ApiModuleSettings } from './settings.ts';
import { view } from './view.ts';

export default defineModule<ApiModuleSettings>({
  title: 'Token API',
  summary: 'Playback URLs, sessions and assets over HTTP, for services and for viewers.',
  requires: ['base'],
  stacks: {
    home: {
      template: 'home.yaml.hbs',
      placement: 'home',
      description: 'edgepass: token API, its table of assets, alarms and dashboard',
    },
  },
  functions: {
    services,
    viewers,
    seed,
    viewerRequest: {
      kind: 'edge-function',
      entry: 'viewer-request.ts',
      configure: () => ({ flags: {}, settings: { accepted: ['x-edgepass-token'] } }),
    },
  },
  outputs: {
    servicesUrl: { stack: 'home', description: 'Where services call the API' },
    servicesPolicyArn: { stack: 'home', description: 'Policy that lets a service call it (or none: access tokens)' },
    viewersUrl: { stack: 'home', description: 'Where viewers call the API (or none: services only)' },
    assetTable: { stack: 'home', description: 'Name of the table of assets' },
    assetTableArn: { stack: 'home', description: 'ARN of the table of assets' },
    apiDashboardName: { stack: 'home', description: 'CloudWatch dashboard of the API' },
  },
  imports: [
    { stack: 'home', output: 'base.issuerRecordArn' },
    { stack: 'home', output: 'base.keyValueStoreArn' },
    { stack: 'home', output: 'base.revocationTable' },
    { stack: 'home', output: 'base.revocationTableArn' },
    { stack: 'home', output: 'base.longestLifetime' },
    { stack: 'home', output: 'base.distributions' },
    { stack: 'home', output: 'base.homeAlarmTopicArn' },
  ],
  view,
  rules,
  runtimeOwned: [],
  stateful: [
    { stack: 'home', resource: 'AssetTable', because: 'It is the only place of assets that the API has written.' },
  ],
  permissions,
  adopts: { 'secure-media-delivery': adoptions },
});

/** IAM actions that deploying this module needs, beside those of CloudFormation itself. */
import type { ModuleContract } from '../../generator/modules/contract.ts';
import { cloudFrontPolicy, DEPLOYING, deploying } from '../../generator/modules/permissions.ts';

const {
  alarms,
  cloudFrontTags,
  dashboards,
  distributions,
  edgeFunctions,
  functionCallers,
  functionConcurrency,
  functionUrls,
  functions,
  logGroups,
  managedPolicies,
  roles,
  tables,
} = DEPLOYING;

export const permissions: ModuleContract['permissions'] = deploying({
  'The HTTP API of services: its parts are paths to API Gateway': [
    'apigateway:GET',
    'apigateway:POST',
    'apigateway:PUT',
    'apigateway:PATCH',
    'apigateway:DELETE',
  ],
  'The table of assets': tables,
  'The functions that answer, who may call them, and the address that only the distribution may call': [
    ...functions,
    ...functionConcurrency,
    ...functionCallers,
    ...functionUrls,
  ],
  'Settings and assets are written by a function that CloudFormation calls': ['lambda:InvokeFunction'],
  'What the functions may do': roles,
  'The policy that services get': managedPolicies,
  'The distribution through which viewers come': [...distributions, ...cloudFrontTags],
  'The function in front of it, which states who the viewer is': edgeFunctions,
  'That only the distribution may call the function of viewers': cloudFrontPolicy('OriginAccessControl'),
  'Retention of logs': logGroups,
  'The dashboard': dashboards,
  Alarms: alarms,
});

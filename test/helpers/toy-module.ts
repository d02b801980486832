/** A small module for tests of the render stage: every helper, a loop, branches, a contribution, a wire. */
import type { Bundle } from '../../generator/bundle/bundle-types.ts';
import type { Environment, Json } from '../../generator/modules/contract.ts';
import type { Plan, PlannedStack } from '../../generator/modules/plan-types.ts';
import { type TemplateLibrary, templateLibrary } from '../../generator/render/template-library.ts';

export const TOY_TEMPLATE = `Resources:
  Store:
    Type: AWS::CloudFront::KeyValueStore
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {Name: {{json storeName}}, Comment: {{value 'comment'}} }
  Validator:
    Type: AWS::CloudFront::Function
    Properties:
      Name: !Sub '\${AWS::StackName}-validator'
      AutoPublish: true
      FunctionConfig:
        Comment: token check
        Runtime: cloudfront-js-2.0
        KeyValueStoreAssociations: [{KeyValueStoreARN: !GetAtt Store.Arn}]
      FunctionCode: {{code 'toy.validator'}}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: {{output 'other.roleArn'}}
      Code: {{asset 'toy.worker'}}
  WorkerLogs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub '/aws/lambda/\${Worker}'
      RetentionInDays: {{value 'logDays'}}
  {{#each origins}}
  {{json logicalId}}:
    Type: AWS::SSM::Parameter
    Properties:
      Name: {{json @key}}
      Type: String
      Value: {{value 'domain'}}
      {{#if path}}
      Description: {{value 'path'}}
      {{else}}
      Description: {{value '../comment'}}
      {{/if}}
  {{/each}}
Outputs:
  StoreArn: {Value: !GetAtt Store.Arn}
`;

export const TOY_VIEW: Record<string, Json> = {
  storeName: 'acme-keys',
  comment: 'keys: and "revocations" # not a comment',
  logDays: 30,
  origins: {
    main: { logicalId: 'OriginMain', domain: 'origin.example.com', path: null },
    'live.eu': { logicalId: 'OriginLive', domain: 'live.example.com', path: '/eu' },
  },
};

export const TOY_ENVIRONMENT: Environment = {
  project: 'acme-video',
  name: 'dev',
  account: '012345678901',
  region: 'eu-central-1',
  protected: false,
  tags: { team: 'streaming' },
  origins: {},
  domains: {},
  cors: { origins: [], credentials: false },
  policies: {},
  streams: {},
  assets: {},
  modules: ['toy'],
};

export const TOY_BUNDLES: Bundle[] = [
  {
    id: 'toy.validator',
    kind: 'edge-function',
    bytes: new TextEncoder().encode(
      "import cf from 'cloudfront';\nfunction handler(event) {\n  return event.request;\n}\n",
    ),
    sha256: 'a'.repeat(64),
    file: 'toy.validator.js',
  },
  {
    id: 'toy.worker',
    kind: 'lambda',
    bytes: new Uint8Array([80, 75]),
    sha256: '0123456789abcdef'.repeat(4),
    file: 'toy.worker.zip',
  },
];

/** The toy stack, with members replaced. */
export function toyStack(changes: Partial<PlannedStack> = {}): PlannedStack {
  return {
    id: 'toy.edge',
    module: 'toy',
    name: 'acme-video-dev-toy-edge',
    placement: 'edge',
    region: 'us-east-1',
    description: 'Toy of the tests',
    template: '/toy/edge.yaml.hbs',
    view: TOY_VIEW,
    contributions: [],
    wires: [{ parameter: 'OtherRoleArn', output: 'other.roleArn', from: 'other.home' }],
    outputs: { storeArn: 'ARN of the KeyValueStore' },
    dependsOn: ['other.home'],
    stateful: ['Store'],
    runtimeOwned: [],
    ...changes,
  };
}

/** A plan of the given stacks; the toy stack alone without any. */
export function toyPlan(...stacks: PlannedStack[]): Plan {
  return { environment: TOY_ENVIRONMENT, stacks: stacks.length > 0 ? stacks : [toyStack()], functions: [] };
}

/** A library over texts instead of files. */
export function libraryOf(texts: Record<string, string> = {}): TemplateLibrary {
  const all: Record<string, string> = { '/toy/edge.yaml.hbs': TOY_TEMPLATE, ...texts };
  return templateLibrary((file) => {
    const text = all[file];
    if (text === undefined) throw new Error(`no such file: ${file}`);
    return text;
  });
}

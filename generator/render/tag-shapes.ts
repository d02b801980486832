/**
 * Resource types that take tags in their property `Tags`, and in which shape. Types that are not here get none.
 * A test compares the table with `@aws-cdk/aws-service-spec`, in both directions for these services.
 */

/** `list` = [{Key, Value}], `map` = {key: value}. */
export type TagShape = 'list' | 'map';

const LIST: Readonly<Record<string, readonly string[]>> = {
  ApiGatewayV2: ['PortalProduct'],
  Athena: ['CapacityReservation', 'DataCatalog', 'WorkGroup'],
  CertificateManager: ['AcmeDomainValidation', 'AcmeEndpoint', 'AcmeExternalAccountBinding', 'Certificate'],
  CloudFront: [
    'AnycastIpList',
    'ConnectionFunction',
    'ConnectionGroup',
    'Distribution',
    'DistributionTenant',
    'Function',
    'KeyValueStore',
    'StreamingDistribution',
    'TrustStore',
    'VpcOrigin',
  ],
  CloudWatch: ['Alarm', 'AlarmMuteRule', 'CompositeAlarm', 'Dashboard', 'InsightRule', 'LogAlarm', 'MetricStream'],
  DynamoDB: ['Table'],
  Events: ['EventBus', 'Rule'],
  IAM: ['OIDCProvider', 'Role', 'SAMLProvider', 'ServerCertificate', 'User', 'VirtualMFADevice'],
  KMS: ['Key', 'ReplicaKey'],
  Lambda: [
    'CapacityProvider',
    'CodeSigningConfig',
    'EventSourceMapping',
    'Function',
    'MicrovmImage',
    'NetworkConnector',
  ],
  Logs: ['Delivery', 'DeliveryDestination', 'DeliverySource', 'Destination', 'LogGroup', 'ScheduledQuery'],
  S3: [
    'AccessGrant',
    'AccessGrantsInstance',
    'AccessGrantsLocation',
    'AccessPoint',
    'Bucket',
    'StorageLens',
    'StorageLensGroup',
  ],
  SNS: ['Topic'],
  SQS: ['Queue'],
  SSM: ['Association', 'CloudConnector', 'Document', 'MaintenanceWindow', 'OpsItem', 'PatchBaseline'],
  Scheduler: ['ScheduleGroup'],
  SecretsManager: ['Secret'],
  StepFunctions: ['Activity', 'StateMachine'],
  WAFv2: ['IPSet', 'RegexPatternSet', 'RuleGroup', 'WebACL'],
};

const MAP: Readonly<Record<string, readonly string[]>> = {
  ApiGatewayV2: ['Api', 'DomainName', 'Stage', 'VpcLink'],
  SSM: ['Parameter'],
};

function rows(table: Readonly<Record<string, readonly string[]>>, shape: TagShape): [string, TagShape][] {
  return Object.entries(table).flatMap(([service, types]) =>
    types.map((type): [string, TagShape] => [`AWS::${service}::${type}`, shape]),
  );
}

export const TAG_SHAPES: ReadonlyMap<string, TagShape> = new Map([...rows(LIST, 'list'), ...rows(MAP, 'map')]);

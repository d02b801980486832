/** What `@aws-cdk/aws-service-spec` knows of resource types. Reading it takes most of a second, so it is read when first needed. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { tokens } from '../json.ts';

export type Recreation = 'Always' | 'Conditionally' | 'Never';

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;
export type Resource = NonNullable<ReturnType<typeof find>>;
type ResourceProperties = Resource['properties'];
type PropertyType = ResourceProperties[string]['type'];

let database: SpecDatabase | undefined;
const found = new Map<string, Resource | undefined>();

function db(): SpecDatabase {
  database ??= loadAwsServiceSpecSync();
  return database;
}

function find(type: string) {
  return db().lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

export function resourceSpec(type: string): Resource | undefined {
  if (!found.has(type)) found.set(type, find(type));
  return found.get(type);
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

export function isKnownType(type: string): boolean {
  return isCustom(type) || resourceSpec(type) !== undefined;
}

/** The property that holds the tags, if the type has tags. */
export function tagProperty(type: string): string | undefined {
  return resourceSpec(type)?.tagInformation?.tagPropertyName;
}

/** Whether changing the property at `pointer` (`/KeySchema/0/KeyType`) makes a new resource. */
export function recreation(type: string, pointer: string): Recreation {
  const spec = resourceSpec(type);
  if (!spec) return pointer === '/ServiceToken' ? 'Always' : 'Never';
  const path = tokens(pointer);
  if (spec.additionalReplacementProperties?.some((other) => other.every((token, index) => token === path[index]))) {
    return 'Always';
  }
  let properties: ResourceProperties | undefined = spec.properties;
  let result: Recreation = 'Never';
  for (const token of path) {
    const property: ResourceProperties[string] | undefined = properties?.[token];
    if (!property) {
      // An index of a list or a key of a map: the element type was entered already.
      continue;
    }
    if (property.causesReplacement === 'yes') return 'Always';
    if (property.causesReplacement === 'maybe') result = 'Conditionally';
    properties = membersOf(property.type);
  }
  return result;
}

function membersOf(type: PropertyType): ResourceProperties | undefined {
  if (type.type === 'ref') return db().get('typeDefinition', type.reference.$ref).properties;
  if (type.type === 'array' || type.type === 'map') return membersOf(type.element);
  if (type.type === 'union') return type.types.map(membersOf).find((members) => members !== undefined);
  return undefined;
}

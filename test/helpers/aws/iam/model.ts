/** Roles and OpenID Connect providers, made by templates or put there by tests. What principals may do is up to a function. */
import { AwsError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { LiveResource, World } from '../world.ts';

export interface SimulatedRequest {
  principalArn: string;
  action: string;
  resource: string;
}

export type Decision = 'allowed' | 'implicitDeny' | 'explicitDeny';

export class Iam {
  /** Answers SimulatePrincipalPolicy; everything is allowed until a test says otherwise. */
  decide: (request: SimulatedRequest) => Decision = () => 'allowed';
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Makes a role that no stack has. */
  putRole(account: string, name: string, properties: JsonObject = {}): string {
    const Arn = `arn:aws:iam::${account}:role/${name}`;
    this.#world.create({
      account,
      region: '',
      type: 'AWS::IAM::Role',
      physicalId: name,
      properties,
      attributes: { Arn },
    });
    return Arn;
  }

  putOidcProvider(
    account: string,
    properties: { Url: string; ClientIdList?: string[]; ThumbprintList?: string[] },
  ): string {
    const Arn = `arn:aws:iam::${account}:oidc-provider/${properties.Url.replace(/^https:\/\//, '')}`;
    this.#world.create({
      account,
      region: '',
      type: 'AWS::IAM::OIDCProvider',
      physicalId: Arn,
      properties,
      attributes: { Arn },
    });
    return Arn;
  }

  role(account: string, name: string): LiveResource {
    const role = this.#world.get({ account, region: '', type: 'AWS::IAM::Role', physicalId: name });
    if (!role) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
    return role;
  }

  oidcProviders(account: string): LiveResource[] {
    return this.#world.all('AWS::IAM::OIDCProvider', account);
  }

  oidcProvider(account: string, arn: string): LiveResource {
    const provider = this.oidcProviders(account).find(({ physicalId }) => physicalId === arn);
    if (!provider) {
      throw new AwsError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`, { status: 404 });
    }
    return provider;
  }
}

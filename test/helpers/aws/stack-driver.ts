/** Short forms of what tests do to stacks through the SDK. */
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type ResourceChange,
  type Stack,
} from '@aws-sdk/client-cloudformation';

export type Resources = Record<string, { Type: string; Properties?: object; [attribute: string]: unknown }>;

export function template(Resources: Resources, more: object = {}): string {
  return JSON.stringify({ ...more, Resources });
}

export interface StackDriver {
  /** Creates a change set and waits until it is complete or failed. */
  plan(body: string, more?: Partial<CreateChangeSetCommandInput>): Promise<DescribeChangeSetCommandOutput>;
  /** Plans, executes, and looks until the stack stands still. Gives its status. */
  deploy(
    body: string,
    more?: Partial<CreateChangeSetCommandInput>,
    execute?: { DisableRollback?: boolean },
  ): Promise<string>;
  changes(body: string, more?: Partial<CreateChangeSetCommandInput>): Promise<Record<string, ResourceChange>>;
  stack(name?: string): Promise<Stack>;
  /** `Logical STATUS`, oldest first, since the last call. */
  events(): Promise<string[]>;
}

export function driver(client: CloudFormationClient, StackName: string): StackDriver {
  let count = 0;
  let seen = 0;
  const find = async (name: string): Promise<Stack | undefined> =>
    client.send(new DescribeStacksCommand({ StackName: name })).then(
      ({ Stacks }) => Stacks?.[0],
      () => undefined,
    );
  const plan: StackDriver['plan'] = async (TemplateBody, more = {}) => {
    const existing = await find(StackName);
    const ChangeSetType = existing && existing.StackStatus !== 'REVIEW_IN_PROGRESS' ? 'UPDATE' : 'CREATE';
    const ChangeSetName = `change-${++count}`;
    const { Id } = await client.send(
      new CreateChangeSetCommand({ StackName, ChangeSetName, ChangeSetType, TemplateBody, ...more }),
    );
    for (;;) {
      const described = await client.send(
        new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }),
      );
      if (described.Status === 'CREATE_COMPLETE' || described.Status === 'FAILED') return described;
    }
  };
  const stack: StackDriver['stack'] = async (name = StackName) => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0] as Stack;
  };
  return {
    plan,
    stack,
    deploy: async (body, more, execute = {}) => {
      const { ChangeSetId, StackId, Status, StatusReason } = await plan(body, more);
      if (Status === 'FAILED') throw new Error(StatusReason);
      await client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId, ...execute }));
      for (;;) {
        const { StackStatus } = await stack(StackId);
        if (!StackStatus?.endsWith('_IN_PROGRESS')) return String(StackStatus);
      }
    },
    changes: async (body, more) => {
      const { Changes = [], Status, StatusReason } = await plan(body, more);
      if (Status === 'FAILED') throw new Error(StatusReason);
      return Object.fromEntries(
        Changes.map((one) => [one.ResourceChange?.LogicalResourceId, one.ResourceChange ?? {}]),
      );
    },
    events: async () => {
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
      const all = StackEvents.reverse().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    },
  };
}

/** A resource that is quickly made, and can be told apart by its name. */
export const topic = (DisplayName: string, more: object = {}): Resources[string] => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName },
  ...more,
});

/** Three of them: B needs A; C needs nobody. */
export const abc = (word: string): string =>
  template({ A: topic(`${word} a`), B: topic(`${word} b`, { DependsOn: 'A' }), C: topic(`${word} c`) });

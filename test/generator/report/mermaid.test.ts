import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../generator/modules/plan-types.ts';
import { mermaid } from '../../../generator/report/mermaid.ts';
import { printablePlan } from '../../../generator/report/printable-plan.ts';
import { TOY_ENVIRONMENT, toyStack } from '../../helpers/toy-module.ts';

const PLAN: Plan = {
  environment: TOY_ENVIRONMENT,
  stacks: [
    toyStack({
      id: 'store.edge',
      module: 'store',
      name: 'acme-video-dev-store-edge',
      wires: [],
      dependsOn: [],
      contributions: [{ module: 'auto-end', template: '/t/auto-end/alarms.yaml.hbs', view: {} }],
    }),
    toyStack({
      id: 'toy.home',
      name: 'acme-video-dev-toy-home',
      placement: 'home',
      region: 'eu-central-1',
      wires: [
        { parameter: 'StoreArn', output: 'store.storeArn', from: 'store.edge' },
        { parameter: 'StoreTopic', output: 'store.topic', from: 'store.edge' },
      ],
      dependsOn: ['store.edge'],
    }),
  ],
  functions: [
    {
      id: 'store.check',
      module: 'store',
      name: 'check',
      entry: '/r/store/check.ts',
      kind: 'edge-function',
      flags: { A: true },
      settings: { secret: 1 },
    },
    {
      id: 'toy.worker',
      module: 'toy',
      name: 'worker',
      entry: '/r/toy/worker.ts',
      kind: 'lambda',
      memory: 256,
      timeout: 30,
    },
  ],
};

describe('mermaid', () => {
  it('draws modules, stacks, functions, wires and contributions', () => {
    expect(mermaid(PLAN)).toBe(`---
title: "acme-video dev"
---
flowchart LR
  subgraph module_store["store"]
    stack_store_edge["store.edge<br/>acme-video-dev-store-edge<br/>edge (us-east-1)<br/>deployed 1 of 2"]
    function_store_check(["store.check<br/>edge-function"])
  end
  subgraph module_toy["toy"]
    stack_toy_home["toy.home<br/>acme-video-dev-toy-home<br/>home (eu-central-1)<br/>deployed 2 of 2"]
    function_toy_worker(["toy.worker<br/>lambda<br/>256 MB, 30 s"])
  end
  subgraph module_auto_end["auto-end"]
    contribution_auto_end_0[/"alarms.yaml.hbs"/]
  end
  stack_store_edge -->|"store.storeArn<br/>store.topic"| stack_toy_home
  contribution_auto_end_0 -.->|"adds to"| stack_store_edge
`);
  });

  it('lets no name break the text', () => {
    const name = 'a"]; end <b> `#amp;`\nx & y';
    const text = mermaid({
      ...PLAN,
      stacks: [toyStack({ name, module: 'end', id: 'end.end', wires: [] })],
      functions: [],
    });
    expect(text).toContain('["end.end<br/>a#quot;]; end #lt;b#gt; #96;#35;amp;#96; x #amp; y<br/>');
    // Every line is one statement of the grammar, whatever is inside the quotes.
    const statement = /^ {4}stack_\w+\["[^"`]*"\]$|^ {2}subgraph module_\w+\["[^"`]*"\]$|^ {2}end$/;
    for (const line of text.trimEnd().split('\n').slice(4)) expect(line).toMatch(statement);
  });
});

describe('the printable plan', () => {
  it('has stacks, functions and wires, paths from the project, and nothing of views and settings', () => {
    const printed = printablePlan(PLAN, '/');
    expect(printed).toMatchObject({
      project: 'acme-video',
      environment: 'dev',
      stacks: [
        {
          id: 'store.edge',
          template: 'toy/edge.yaml.hbs',
          contributions: [{ module: 'auto-end', template: 't/auto-end/alarms.yaml.hbs' }],
        },
        { id: 'toy.home', dependsOn: ['store.edge'] },
      ],
      functions: [
        { id: 'store.check', entry: 'r/store/check.ts', flags: { A: true } },
        { id: 'toy.worker', memory: 256, timeout: 30 },
      ],
      wires: [
        { output: 'store.storeArn', from: 'store.edge', to: 'toy.home', parameter: 'StoreArn' },
        { output: 'store.topic', from: 'store.edge', to: 'toy.home', parameter: 'StoreTopic' },
      ],
    });
    expect(JSON.stringify(printed)).not.toMatch(/view|settings|secret/);
  });
});

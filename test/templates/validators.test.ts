/**
 * Every template of every configuration in front of three validators that know AWS better than our own checks. Nothing
 * they find may go unexplained.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generated } from '../helpers/generated.ts';
import { describeWith } from '../helpers/needs.ts';
import { EXPLAINED, explains } from './explained.ts';
import { configFiles, renderConfig } from './rendering.ts';
import { cfnGuard } from './validators/cfn-guard.ts';
import { cfnLint } from './validators/cfn-lint.ts';
import { cfnValidate } from './validators/cfn-validate.ts';
import type { Found, TemplateFile } from './validators/found.ts';

const folder = mkdtempSync(join(tmpdir(), 'edgepass-templates-'));
const files: TemplateFile[] = [];

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  for (const { name, file } of configFiles()) {
    const { stacks } = await renderConfig(file);
    for (const [environment, rendered] of Object.entries(stacks))
      for (const { file: template, region, body } of rendered) {
        const path = join(folder, `${name.replaceAll(' ', '-')}.${environment}.${template}`);
        writeFileSync(path, body);
        files.push({ path, region });
      }
  }
  // The matrix has a stand-in for the function's text; the repository's own configuration is checked as it ships.
  for (const { tree, stacks } of (await generated()).environments)
    for (const { file: template, region, body } of stacks) {
      const path = join(folder, `shipped.${tree.environment}.${template}`);
      writeFileSync(path, body);
      files.push({ path, region });
    }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Fails with one line for each finding that nobody explained, and for each explanation without a finding. */
function expectExplained(tool: Found['tool'], found: readonly Found[]): void {
  const explained = EXPLAINED.filter((entry) => entry.tool === tool);
  const open = found
    .filter((one) => !explained.some((entry) => explains(entry, one)))
    .map(({ rule, file, resource, message }) => `${rule} ${file} ${resource ?? ''}: ${message}`);
  const stale = explained
    .filter((entry) => !found.some((one) => explains(entry, one)))
    .map(({ rule }) => `${rule} is explained, but not found any more`);
  expect([...open, ...stale]).toEqual([]);
}

/** Two faults that AWS would refuse: an unknown member and a value that is not in the enumeration. */
const FAULTY = `Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 31, Retention: 7}
`;

function faulty(): TemplateFile {
  const path = join(folder, 'faulty.yaml');
  writeFileSync(path, FAULTY);
  return { path, region: 'us-east-1' };
}

const SLOW = { timeout: 120_000 };

describe('rendered templates', SLOW, () => {
  test('there are some for each configuration', () => {
    expect(files.length).toBeGreaterThan(configFiles().length);
  });

  test('satisfy @aws/cloudformation-validate', () => {
    expectExplained('cfn-validate', cfnValidate(files));
  });

  test('would not, if they were faulty', () => {
    expect(cfnValidate([faulty()]).map(({ rule }) => rule)).toEqual(expect.arrayContaining(['F3002', 'W3030']));
    expect(cfnGuard([faulty().path]).map(({ rule }) => rule)).toContain('resources_are_tagged');
  });

  test('satisfy our rules in cfn-guard', () => {
    expectExplained('cfn-guard', cfnGuard(files.map(({ path }) => path)));
  });
});

describeWith(['cfn-lint'], 'rendered templates', () => {
  test('satisfy cfn-lint', SLOW, () => {
    expectExplained('cfn-lint', cfnLint(files));
  });

  test('would not, if they were faulty', () => {
    expect(cfnLint([faulty()]).map(({ rule }) => rule)).toEqual(expect.arrayContaining(['E3002', 'E3030']));
  });
});

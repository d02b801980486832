/**
 * Shared code never asks which module it is: everything about a module is a property of the module. So no file of the
 * generator names one, be it as a text or as a member of `modules`. Comments may.
 */
import { dirname } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesBelow, moduleIds, textOf } from './folders.ts';

/** Texts and members of `modules` in a source file. */
function namesIn(file: string): { name: string; line: number }[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found: { name: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    const isImport = ts.isImportDeclaration(node.parent ?? node) || ts.isExportDeclaration(node.parent ?? node);
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && !isImport) found.push({ name: node.text, line });
    if (ts.isPropertyAccessExpression(node) && /modules\??$/.test(node.expression.getText()))
      found.push({ name: node.name.text, line });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether a text is a module id, an id with something of the module behind it, or the path of its folder. */
function names(text: string, id: string): boolean {
  return new RegExp(`^(?:.*(?:templates|runtime|modules)/)?${id}(?:[./].*)?$`).test(text);
}

test('a text that names a module is seen', () => {
  for (const text of ['base', 'base.edge', 'templates/base/module.ts', '/modules/base/plan'])
    expect(names(text, 'base')).toBe(true);
  for (const text of ['basename', 'database', 'a base', 'base-url']) expect(names(text, 'base')).toBe(false);
});

test('no file of the generator names a module', () => {
  // Most files have no such word at all and need not be parsed.
  const files = filesBelow('generator', '.ts').filter((file) => moduleIds.some((id) => textOf(file).includes(id)));
  const sentences = files.flatMap((file) =>
    namesIn(file).flatMap(({ name, line }) =>
      moduleIds
        .filter((id) => names(name, id))
        .map((id) => `${file}:${line} names module ${id} ("${name}"): make it a property of the contract.`),
    ),
  );
  expect(sentences).toEqual([]);
});

/** What the local edge runs in place of AWS, and libraries of no module, which commands about tokens and revocations share with what runs in AWS. */
function isShared(file: string, target: string): boolean {
  const [, library] = /\/runtime\/(\w+)\//.exec(target) ?? [];
  if (/^generator\/local\//.test(file)) return library !== undefined;
  if (/^generator\/commands\/token[./]/.test(file)) return /^(?:token|keys|issuer|verify)$/.test(library ?? '');
  if (/^generator\/(?:commands\/sessions\/|aws\/revocation-)/.test(file))
    return library === 'sessions' || library === 'token';
  return false;
}

test('no file of the generator imports from a module', () => {
  const sentences = filesBelow('generator', '.ts').flatMap((file) =>
    [...textOf(file).matchAll(/from '([^']+)'/g)]
      .map(([, target = '']) => target)
      .filter((target) => /(?:^|\/)(?:templates|runtime)\//.test(target) && !isShared(file, target))
      .map((target) => `${file} imports ${target} (from ${dirname(file)}).`),
  );
  expect(sentences).toEqual([]);
});

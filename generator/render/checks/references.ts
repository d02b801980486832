/** Every Ref, GetAtt, Sub, DependsOn, Condition and FindInMap has its target in the template. */

import type { Diagnostic } from '../../report/diagnostic.ts';
import { nearest } from '../../report/nearest.ts';
import { type Check, finding, isMap, type JsonMap, resourcesOf, walk } from './check.ts';

const VARIABLE = /\$\{([^!}][^}]*)\}/g;

export const references: Check = (context) => {
  const { template } = context;
  const resources = Object.keys(template.Resources ?? {});
  const referable = [...resources, ...Object.keys(template.Parameters ?? {})];
  const conditions = Object.keys(template.Conditions ?? {});
  const mappings = Object.keys(template.Mappings ?? {});
  const found: Diagnostic[] = [];

  const need = (args: { name: unknown; known: readonly string[]; what: string; at: readonly unknown[] }): void => {
    const { name, known, what, at } = args;
    if (typeof name !== 'string' || known.includes(name) || (what === 'Ref' && name.startsWith('AWS::'))) return;
    const meant = nearest(name, known);
    const hint = meant ? `Did you mean ${meant}?` : 'Define it, or take the reference out.';
    found.push(finding(context, { code: 'EP4032', message: `${what} ${name} has no target`, hint, at }));
  };

  const substitution = (argument: unknown, at: readonly unknown[]): void => {
    const [text, own] = Array.isArray(argument) ? argument : [argument];
    if (typeof text !== 'string') return;
    for (const [, variable = ''] of text.matchAll(VARIABLE)) {
      const [name = '', attribute] = variable.trim().split('.', 2);
      if (isMap(own) && Object.hasOwn(own, variable.trim())) continue;
      // Pseudo parameters pass as a Ref does; an attribute needs a resource.
      need({
        name,
        known: attribute === undefined ? referable : resources,
        what: attribute === undefined ? 'Ref' : 'GetAtt',
        at,
      });
    }
  };

  const call = (node: JsonMap, at: readonly unknown[]): void => {
    if ('Ref' in node) need({ name: node.Ref, known: referable, what: 'Ref', at });
    if ('Fn::Sub' in node) substitution(node['Fn::Sub'], at);
    const attribute = node['Fn::GetAtt'];
    if (typeof attribute === 'string') need({ name: attribute.split('.')[0], known: resources, what: 'GetAtt', at });
    if (Array.isArray(attribute)) need({ name: attribute[0], known: resources, what: 'GetAtt', at });
    const [choice] = Array.isArray(node['Fn::If']) ? node['Fn::If'] : [];
    if (choice !== undefined) need({ name: choice, known: conditions, what: 'Condition', at });
    const [mapping] = Array.isArray(node['Fn::FindInMap']) ? node['Fn::FindInMap'] : [];
    if (mapping !== undefined) need({ name: mapping, known: mappings, what: 'Mapping', at });
  };

  for (const section of ['Resources', 'Outputs', 'Conditions']) {
    walk(template[section] ?? {}, (node, chain) => {
      if (isMap(node)) call(node, chain);
    });
  }
  walk(template.Conditions ?? {}, (node, chain) => {
    if (isMap(node)) need({ name: node.Condition, known: conditions, what: 'Condition', at: chain });
  });
  for (const output of Object.values(template.Outputs ?? {})) {
    if (isMap(output)) need({ name: output.Condition, known: conditions, what: 'Condition', at: [output] });
  }
  for (const [, resource] of resourcesOf(template)) {
    need({ name: resource.Condition, known: conditions, what: 'Condition', at: [resource] });
    for (const name of [resource.DependsOn].flat()) need({ name, known: resources, what: 'DependsOn', at: [resource] });
  }
  return found;
};

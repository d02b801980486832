/** What roles may do and what for, as tables; names of an environment are the logical ids of the templates. */
import type { DeployedResource } from './deployed.ts';
import type { EnvironmentRoles, RoleReport } from './environment-roles.ts';
import type { Allowed } from './two-way.ts';

/** How many occasions of one permission are named. */
const NAMED = 4;

interface Row {
  action: string;
  on: string;
  when: string;
  usedBy: Set<string>;
}

interface Table {
  /** Who takes the role on, or what it is. */
  head: string;
  rows: Map<string, Row>;
}

/** One table for each role of a module, over all environments: a permission that only some have is there too. */
export function roleTables(environments: readonly EnvironmentRoles[], module: string): string {
  const tables = new Map<string, Table>();
  for (const { roles, resources, byAws } of environments)
    for (const role of roles.filter(({ name }) => name.startsWith(`${module}.`))) {
      const services = byAws.filter((use) => use.role === role.identity.arn).map(({ service }) => service);
      const table = tables.get(role.name) ?? { head: headOf(role, services), rows: new Map() };
      tables.set(role.name, table);
      for (const allowed of role.allowed) add(table, allowed, resources);
    }
  return [...tables]
    .map(([name, { head, rows }]) => tableText(name.split(' ')[1] ?? '', head, [...rows.values()]))
    .join('\n');
}

function headOf({ identity, functions }: RoleReport, services: readonly string[]): string {
  if (identity.trust === undefined) return 'Attached by the operator.';
  const of = functions.length === 0 ? '' : `Of the function ${functions.map((id) => `\`${id}\``).join(', ')}. `;
  return `${of}Taken on by \`${[...new Set(services)].join('`, `')}\`.`;
}

function add(
  { rows }: Table,
  { action, resource, condition, usedBy }: Allowed,
  resources: readonly DeployedResource[],
): void {
  const on = labelOf(resource, resources);
  const when = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${operator} ${key} ${[values].flat().join(', ')}`),
  );
  const key = [action, on, ...when].join(' ');
  const row = rows.get(key) ?? { action, on, when: when.join('; '), usedBy: new Set() };
  rows.set(key, row);
  for (const by of usedBy) row.usedBy.add(by);
}

/** `RevocationTable.StreamArn`, `RevocationTable/index/byExpiry`: the resource whose ARN it is or begins with. */
function labelOf(arn: string, resources: readonly DeployedResource[]): string {
  const [, api, routes = ''] = /^arn:aws:execute-api:[^:]*:\d+:([^/]+)(.*)$/.exec(arn) ?? [];
  if (api !== undefined) return `${resources.find(({ ref }) => ref === api)?.id ?? api}${routes}`;
  const names = resources.flatMap(({ id, ref, attributes }) => [
    { text: ref, name: id },
    ...Object.entries(attributes).map(([name, text]) => ({ text, name: name === 'StreamArn' ? `${id}.${name}` : id })),
  ]);
  const [found] = names
    .filter(({ text }) => text.startsWith('arn:') && arn.startsWith(text))
    .sort((a, b) => b.text.length - a.text.length);
  return found === undefined ? arn : `${found.name}${arn.slice(found.text.length)}`;
}

function tableText(name: string, head: string, rows: readonly Row[]): string {
  const cells = rows.map(({ action, on, when, usedBy }) => [`\`${action}\``, on, when, usesText(usedBy)]);
  const lines = [['action', 'on', 'if', 'for'], ['---', '---', '---', '---'], ...cells].map(
    (line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return [`### ${name}`, '', head, '', ...lines, ''].join('\n');
}

/** `keys: rotate`, `keys: kill`, `Lambda writes the log` → `Lambda writes the log; keys: rotate, kill`. */
function usesText(usedBy: ReadonlySet<string>): string {
  const occasions = new Map<string, string[]>();
  for (const by of usedBy) {
    const [who = '', during] = by.split(': ');
    occasions.set(who, [...(occasions.get(who) ?? []), ...(during === undefined ? [] : [during])]);
  }
  const texts = [...occasions].map(([who, all]) => {
    const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
    return all.length === 0 ? who : `${who}: ${all.slice(0, NAMED).join(', ')}${more}`;
  });
  return texts.join('; ');
}

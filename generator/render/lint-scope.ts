/** Resolves the names in a template to absolute paths of the view, from the `#each` blocks around them. */
import type { LintLog, ViewReference } from './lint-log.ts';
import { DATA_NAMES, parseViewPath } from './view-path.ts';

/** Where a statement stands: enclosing `#each` items (outermost first) and tests that hold. */
export interface Where {
  log: LintLog;
  scopes: string[][];
  guards: string[][];
}

interface Reference {
  use: ViewReference['use'];
  /** As written, e.g. `../name` or `@key`. */
  written: string;
  node: hbs.AST.Node;
  where: Where;
}

/** Notes a reference to the view; returns its absolute path, or nothing for `@key` and the like. */
export function refer({ use, written, node, where }: Reference): string[] | undefined {
  const path = parseViewPath(written);
  const { log, scopes, guards } = where;
  if (!path || (Number.isFinite(path.up) && path.up > scopes.length)) {
    const message = `"${written}" is not a path into the view`;
    const hint = 'A path is name.name, this, ../name inside #each, or @root.name.';
    log.fault(node, { code: 'EP4003', message, hint });
    return undefined;
  }
  if (path.data !== undefined) {
    if (use !== 'each' && DATA_NAMES.includes(path.data) && path.up < scopes.length) return undefined;
    const hint = `Inside #each there are @${DATA_NAMES.join(', @')}; @root.name is a member of the view.`;
    log.fault(node, { code: 'EP4004', message: `${written} does not exist here`, hint });
    return undefined;
  }
  const base = scopes[scopes.length - 1 - path.up] ?? [];
  const absolute = [...base, ...path.names];
  log.names.push({ use, path: absolute, guards, place: log.placeOf(node) });
  return absolute;
}

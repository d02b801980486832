/** Names of outputs as logical ids; on its own, since deployment needs it and nothing else of rendering. */

/** PascalCase of a kebab-case or camelCase name: the form of logical ids. */
export function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

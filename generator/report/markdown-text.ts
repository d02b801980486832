/**
 * Text of others inside GitHub Markdown. Names and values in a report come from configuration files of pull requests and
 * from AWS: none of them may end a table cell or a `<details>`, become a link or an image, or notify anybody.
 */

/** Everything that Markdown, HTML or GitHub reads a meaning into. Sources: CommonMark 0.31, GitHub Flavored Markdown 0.29. */
const SPECIAL = /[&<>|`*_~[\]!\\$#@]/g;

/** Control characters, and those that are invisible or turn the direction of writing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A character reference never is structure (CommonMark 0.31, 6.2), whatever stands around it. */
function escaped(text: string): string {
  return (
    text
      .replace(/\r?\n/g, '⏎')
      .replace(INVISIBLE, '\ufffd')
      .replace(SPECIAL, (char) => `&#${char.charCodeAt(0)};`)
      // What GitHub makes a link of without any brackets.
      .replace(/:(?=\/\/)/g, '&#58;')
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
  );
}

/** A name or a value. GitHub looks for mentions and references outside of code only. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** A sentence. Behind `@` and `#` comes a word joiner, so that they refer to nobody and nothing. */
export function prose(text: string): string {
  return escaped(text).replace(/&#(64|35);/g, '&#$1;&#8288;');
}

/** A link to an address of our own making; anything but a plain https address gives the text alone. */
export function link(text: string, url: string): string {
  return /^https:\/\/[\w.~:/?#@=&%+-]+$/.test(url) ? `[${text}](${url})` : text;
}

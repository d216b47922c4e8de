/** Markup that is escaped by construction: what is not `Html` is text. */
export class Html {
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

type Part = Html | string | number | false | undefined | readonly Html[];

/** Builds markup; every part that is not itself markup is escaped, `false` and `undefined` are left out. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.reduce((markup, string, index) => `${markup}${markupOf(parts[index - 1])}${string}`));
}

/**
 * A person's or a company's name, as a unit of its own: letters of another direction, or marks that turn the direction,
 * do not disturb the sentence around it.
 */
export function nameOf(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(({ markup }) => markup).join('');
  return String(part).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

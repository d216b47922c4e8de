/** The values of one request. Nothing that is kept of its answer may repeat them. */
export interface SentValues {
  /** Replaces every occurrence, in upper or lower case, with an ellipsis. */
  mask(text: string): string;
  /** Whether a code or id equals one of them, or contains a long one. */
  areRevealedBy(identifier: string): boolean;
}

/** A shorter value is masked as a whole word only: "Al" must not be masked in "invalid". */
const MIN_LENGTH_INSIDE_WORDS = 3;
/** An identifier may contain a shorter value by chance: the name "Art" must not hide the code `PartnerConfirmed…`. */
const MIN_LENGTH_INSIDE_IDENTIFIERS = 8;

/** Collects the strings of a request, at any depth, and the secrets beside it, such as its token. */
export function collectSentValues(...sources: unknown[]): SentValues {
  // The longest first, so that "Contoso Ltd" is masked whole even if "Contoso" was sent too.
  const values = [...new Set(sources.flatMap(collectStrings))].toSorted((a, b) => b.length - a.length);
  const pattern = values.length === 0 ? /(?!)/ : new RegExp(values.map(toPattern).join('|'), 'giu');
  const lowerCase = values.map((value) => value.toLowerCase());
  return {
    mask: (text) => text.replace(pattern, '…'),
    areRevealedBy(identifier) {
      const text = identifier.toLowerCase();
      return lowerCase.some(
        (value) => text === value || (value.length >= MIN_LENGTH_INSIDE_IDENTIFIERS && text.includes(value)),
      );
    },
  };
}

function collectStrings(source: unknown): string[] {
  if (typeof source === 'string') return source.trim() === '' ? [] : [source.trim()];
  if (typeof source !== 'object' || source === null) return [];
  return Object.values(source).flatMap(collectStrings);
}

function toPattern(value: string): string {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return value.length >= MIN_LENGTH_INSIDE_WORDS ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}

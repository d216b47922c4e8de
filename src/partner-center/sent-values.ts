/** The values of one request, which nothing that is kept of its answer may repeat. */
export interface SentValues {
  /** Replaces every occurrence, in any case, by an ellipsis. */
  mask(text: string): string;
  /** Whether a code or id is one of them, or has a long one in it. */
  areRevealedBy(identifier: string): boolean;
}

/** Below this length a value is masked as a whole word only: "Al" must not tear holes into "invalid". */
const SHORTEST_FREE_MATCH = 3;
/** Below this length an identifier may contain a value by chance: a Mr Art must not cost us `PartnerConfirmed…`. */
const SHORTEST_TELLING_PART = 8;

/** Collects the strings of a request, at any depth, and the secrets beside it, such as its token. */
export function sentValues(...sources: unknown[]): SentValues {
  // The longest first: of "Contoso" and "Contoso Ltd" the latter has to be found whole.
  const values = [...new Set(sources.flatMap(stringsIn))].toSorted((a, b) => b.length - a.length);
  const pattern = values.length === 0 ? /(?!)/ : new RegExp(values.map(occurrence).join('|'), 'giu');
  const lowerCase = values.map((value) => value.toLowerCase());
  return {
    mask: (text) => text.replace(pattern, '…'),
    areRevealedBy(identifier) {
      const text = identifier.toLowerCase();
      return lowerCase.some(
        (value) => text === value || (value.length >= SHORTEST_TELLING_PART && text.includes(value)),
      );
    },
  };
}

function stringsIn(source: unknown): string[] {
  if (typeof source === 'string') return source.trim() === '' ? [] : [source.trim()];
  if (typeof source !== 'object' || source === null) return [];
  return Object.values(source).flatMap(stringsIn);
}

function occurrence(value: string): string {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return value.length >= SHORTEST_FREE_MATCH ? literal : `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`;
}

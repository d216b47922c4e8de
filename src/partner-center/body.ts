/** What a body turned out to be, whatever its content type claimed. */
export type Body =
  | { shape: 'empty' }
  | { shape: 'json'; value: unknown }
  /** A page of a front end or proxy: the service itself has not spoken. */
  | { shape: 'page' }
  /** JSON that was cut or garbled. */
  | { shape: 'broken' }
  /** A bare sentence; Partner Center refuses a retired template like that. */
  | { shape: 'text' };

/** Reads a body by its first character rather than by its content type, which front ends get wrong. Never throws. */
export function readBody(text: string): Body {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { shape: 'empty' };
  if (trimmed.startsWith('<')) return { shape: 'page' };
  try {
    return { shape: 'json', value: JSON.parse(trimmed) as unknown };
  } catch {
    return { shape: /^[{["]/.test(trimmed) ? 'broken' : 'text' };
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body's JSON object, or undefined where it is anything else. */
export function jsonObject(body: Body): JsonObject | undefined {
  return body.shape === 'json' ? asObject(body.value) : undefined;
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** One thing that goes wrong with one call. */

export const EFFECTS = ['answer', 'hang', 'reset', 'loseAnswer', 'loseAnswerHang', 'truncate'] as const;

/**
 * What happens to a call:
 * - `answer`: with `status`, `body`, `headers` or `retryAfter` that answer instead of the real one, and nothing commits;
 *   without them the real answer, perhaps late
 * - `hang`: nothing commits and nothing is ever answered
 * - `reset`: nothing commits and the connection is reset
 * - `loseAnswer`: the call commits, then the socket is cut; with `status` that is answered instead
 * - `loseAnswerHang`: the call commits, then nothing is ever answered
 * - `truncate`: the call commits, then the socket is cut in the middle of the answer
 */
export type Effect = (typeof EFFECTS)[number];

export interface Fault {
  effect: Effect;
  /** Waited before anything else happens to the call. */
  delayMs?: number | undefined;
  /** Default 200; with `retryAfter` alone 429. */
  status?: number | undefined;
  /** A string is sent as it is (HTML where it looks so), anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string> | undefined;
  /** Seconds, or an HTTP date. */
  retryAfter?: number | string | undefined;
}

/** Whether the fault carries an answer of its own. */
export function replacesAnswer(fault: Omit<Fault, 'effect'>): boolean {
  const { status, body, headers, retryAfter } = fault;
  return [status, body, headers, retryAfter].some((member) => member !== undefined);
}

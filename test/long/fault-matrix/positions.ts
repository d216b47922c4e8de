/** At which attempt of a call an answer comes, and what came before it. */
export interface Position {
  name: 'first' | 'middle' | 'last';
  /** Answers to the attempts before, as the simulator takes them. */
  before: Record<string, unknown>[];
  attemptsBefore: number;
  /** From the first attempt to this one. */
  elapsedMs: number;
  /** Whether one of the answers before may have been a success whose answer was lost. */
  answersLost: boolean;
}

export const positions: Position[] = [
  { name: 'first', before: [], attemptsBefore: 0, elapsedMs: 0, answersLost: false },
  { name: 'middle', before: [{ status: 503, times: 2 }], attemptsBefore: 2, elapsedMs: 3_000, answersLost: true },
  {
    // Half a minute before the day is over: the pause before the next attempt, a minute by now, is longer.
    name: 'last',
    before: [{ retryAfter: 3_600, times: 23 }, { retryAfter: 3_570 }],
    attemptsBefore: 24,
    elapsedMs: (24 * 3_600 - 30) * 1_000,
    answersLost: false,
  },
];

import { setTimeout as pause } from 'node:timers/promises';

/** Lets callers through one by one, at most so many a second; time that was lost is not made up by a burst. */
export class Pace {
  private nextAt = 0;

  constructor(private readonly perSecond: number) {}

  async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(this.nextAt, now);
    this.nextAt = at + 1_000 / this.perSecond;
    if (at > now) await pause(at - now);
  }
}

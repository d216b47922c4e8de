import type { Output } from './host';

const BAR_WIDTH = 30;
const REDRAW_MS = 100; // as often as an eye follows
const LINE_EVERY_MS = 5_000; // in a log

/** How far a long command has come: on a terminal a bar that is drawn anew, elsewhere a line now and then. */
export class Progress {
  private shownAt: number;

  constructor(
    private readonly output: Output,
    private readonly total: number,
    private readonly now: () => number = Date.now,
  ) {
    this.shownAt = now();
  }

  at(done: number): void {
    const isTerminal = this.output.isTTY === true;
    if (this.now() - this.shownAt < (isTerminal ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.shownAt = this.now();
    this.output.write(isTerminal ? `\r${this.bar(done)}` : `${done} of ${this.total}\n`);
  }

  /** Leaves the bar behind as it stands; what is written next begins a line of its own. */
  end(done: number): void {
    if (this.output.isTTY === true) this.output.write(`\r${this.bar(done)}\n`);
  }

  private bar(done: number): string {
    const filled = Math.floor((done / this.total) * BAR_WIDTH);
    return `[${'#'.repeat(filled).padEnd(BAR_WIDTH, '.')}] ${done} of ${this.total}`;
  }
}

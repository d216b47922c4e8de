/** Partner Center's idea of the time, movable so that days pass in an instant. */
export class Clock {
  offsetMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offsetMs;
  }
}

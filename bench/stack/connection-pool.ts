/**
 * Lets so many calls through at once and the others wait their turn, as every CRM's HTTP client does: hundreds of
 * customers repeating their calls on a slow machine would otherwise keep it from ever answering one.
 */
export class ConnectionPool {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async use<T>(call: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

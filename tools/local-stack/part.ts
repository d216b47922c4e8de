interface Command {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** How long it may take to become ready, or, for a step, to end. */
  readonly timeoutMs: number;
}

/** Runs until the stack ends; ending by itself is a failure. */
export interface Service extends Command {
  readonly kind: 'service';
  /** Asked again and again until it says true; may throw or hang, `limit` ends it. */
  isReady(limit: AbortSignal): Promise<boolean>;
}

/** Runs to its end, with exit code 0, before the next part starts. */
export interface Step extends Command {
  readonly kind: 'step';
}

export type Part = Service | Step;

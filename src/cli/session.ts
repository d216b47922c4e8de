import type { OnboardingClient } from '../client/onboarding-client';
import type { Environment } from '../config';
import type { ExitCode } from './failures';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** What the command line needs of the process it runs in. */
export interface Host {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Completed in place with the variables of an env file or of the local stack. */
  readonly environment: Environment;
  /** Asks a yes-or-no question; absent if stdin or stderr is not a terminal. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  readonly workingDirectory: string;
  /** The user of the operating system, if it has a name. */
  readonly operator: string | undefined;
}

export interface Report {
  text: string;
  json: object;
  /** For stderr, in both forms of output. */
  warning?: string;
  /** Default: done. */
  exitCode?: ExitCode;
}

export type CommandRunner = (work: (session: Session) => Promise<Report> | Report) => Promise<void>;

/** Which Temporal a command talks to, and where that address comes from, for example `.env`. */
export interface TemporalTarget {
  address: string;
  namespace: string;
  source: string;
}

/** Longer than the deadline of any single call, so that no command waits forever. */
const COMMAND_DEADLINE_MS = 30_000;
const DEFAULT_ADDRESS = '127.0.0.1:7233';

/**
 * What one command works with: its host, and one connection to Temporal, opened by the first call. Temporal's client is
 * loaded by that call too (it takes 200 ms), so that `--help` and usage errors are fast.
 */
export class Session {
  private connecting: Promise<OnboardingClient> | undefined;

  /** `addressSource`: where TEMPORAL_ADDRESS was set, if it was. */
  constructor(
    readonly host: Host,
    private readonly addressSource: string | undefined,
  ) {}

  /** @throws ConfigurationError */
  get target(): TemporalTarget {
    const { readTemporalTarget } = require('../temporal/connection') as typeof import('../temporal/connection');
    const { address, namespace } = readTemporalTarget(this.host.environment);
    const fallback = address === DEFAULT_ADDRESS ? 'default' : 'Temporal’s configuration file';
    return { address, namespace, source: this.addressSource ?? fallback };
  }

  /** The target that an error may come from; undefined if the command has not called it, or its settings are invalid. */
  get usedTarget(): TemporalTarget | undefined {
    try {
      return this.connecting && this.target;
    } catch {
      return undefined;
    }
  }

  /**
   * Talks to Temporal, with one deadline over everything that `work` does.
   * @throws TemporalUnreachableError, ConfigurationError, and what `work` throws
   */
  async call<T>(work: (onboardings: OnboardingClient) => Promise<T>, deadlineMs = COMMAND_DEADLINE_MS): Promise<T> {
    const onboardings = await (this.connecting ??= this.connect());
    return onboardings.withDeadline(deadlineMs, () => work(onboardings));
  }

  async close(): Promise<void> {
    const onboardings = await this.connecting?.catch(() => undefined);
    await onboardings?.close();
  }

  private async connect(): Promise<OnboardingClient> {
    const { connectClient } = require('../temporal/connection') as typeof import('../temporal/connection');
    const { readTemporalSettings } = require('../config') as typeof import('../config');
    const { OnboardingClient } = require('../client/onboarding-client') as typeof import('../client/onboarding-client');
    const { environment } = this.host;
    const { taskQueue } = readTemporalSettings(environment);
    return new OnboardingClient(await connectClient(environment), taskQueue);
  }
}

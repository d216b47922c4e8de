import type { Client } from '@temporalio/client';
import type { Environment } from '../config';

export interface Output {
  write(text: string): unknown;
  /** Whether a human sits at it. */
  readonly isTTY?: boolean | undefined;
}

/** What the command line needs of the process that it runs in. */
export interface Host {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Receives what the env file adds. */
  readonly environment: Environment;
  /** Asks a question that takes yes or no; absent where no human sits at a terminal. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  readonly workingDirectory: string;
  /** The user of the operating system, where it tells. */
  readonly operator: string | undefined;
  /** A client of the Temporal service that the environment names. @throws TemporalUnreachableError */
  connect(environment: Environment): Promise<Client>;
}

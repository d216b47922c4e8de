import { setTimeout as pause } from 'node:timers/promises';
import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  type GrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

/**
 * A connection that can be closed while calls are being repeated. The SDK pauses before it repeats a failed call, and a
 * repetition that finds its channel closed throws where nobody can catch it, which ends the process. So `close` lets no
 * further pause begin and waits for those that have: 5 s at most, and not at all when nothing failed.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const repetitions = new Repetitions();
  const connection = await Connection.connect({
    ...options,
    interceptors: [makeGrpcRetryInterceptor(repetitions.options)],
  });
  const close = connection.close.bind(connection);
  connection.close = async () => {
    await repetitions.end();
    await close();
  };
  return connection;
}

/** The SDK's own policy of repetitions, and a record of the last pause that it has begun. */
class Repetitions {
  private haveEnded = false;
  private lastPauseEndsAt = 0;

  readonly options: GrpcRetryOptions;

  constructor({ retryableDecider, delayFunction } = defaultGrpcRetryOptions()) {
    this.options = {
      retryableDecider: (attempt, status) => !this.haveEnded && retryableDecider(attempt, status),
      delayFunction: (attempt, status) => {
        const delayMs = delayFunction(attempt, status);
        this.lastPauseEndsAt = Math.max(this.lastPauseEndsAt, performance.now() + delayMs);
        return delayMs;
      },
    };
  }

  async end(): Promise<void> {
    this.haveEnded = true;
    // Timers fire in their order, so one that is set now for the same moment fires after the last of them.
    const remainingMs = this.lastPauseEndsAt - performance.now();
    if (remainingMs > 0) await pause(Math.ceil(remainingMs) + 1);
  }
}

import type { Client } from '@temporalio/client';
import type { Host } from './host';

/** Longer than any single call's own deadline; no command waits for ever. */
const COMMAND_DEADLINE_MS = 30_000;

/** One command's dealings with the outside: its host, and one connection, opened when it is first needed. */
export class Session {
  private connecting: Promise<Client> | undefined;

  constructor(readonly host: Host) {}

  /** Calls Temporal, with a deadline over everything that `call` does; its own shorter ones stand. */
  async temporal<T>(call: (client: Client) => Promise<T>, deadlineMs = COMMAND_DEADLINE_MS): Promise<T> {
    const client = await (this.connecting ??= this.host.connect(this.host.environment));
    return client.withDeadline(Date.now() + deadlineMs, () => call(client));
  }

  async close(): Promise<void> {
    const client = await this.connecting?.catch(() => undefined);
    await client?.connection.close();
  }
}

import { setTimeout as pause } from 'node:timers/promises';

/** What tests tell the simulator and ask of it, over its control routes. */
export interface JournalEntry {
  operation: string;
  method: string;
  path: string;
  customerId?: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  status?: number;
  effect?: string;
  committed: boolean;
}

export class SimulatorControl {
  constructor(readonly url: string) {}

  reset(): Promise<unknown> {
    return this.send('POST', '/simulator/reset');
  }

  faults(...script: Record<string, unknown>[]): Promise<unknown> {
    return this.send('PUT', '/simulator/faults', script);
  }

  switches(switches: Record<string, unknown>): Promise<unknown> {
    return this.send('PUT', '/simulator/switches', switches);
  }

  /** The customer selects Accept Agreement; without an id, in the newest attestation that is not accepted yet. */
  accept(attestationId?: string): Promise<unknown> {
    return this.send('POST', '/simulator/acceptances', attestationId === undefined ? {} : { attestationId });
  }

  secretChangesTo(clientSecret: string): Promise<unknown> {
    return this.send('POST', '/simulator/credentials', { clientSecret });
  }

  revokeTokens(): Promise<unknown> {
    return this.send('POST', '/simulator/tokens/revoke');
  }

  async journal(operation?: string): Promise<JournalEntry[]> {
    const entries = (await this.send('GET', '/simulator/journal')) as JournalEntry[] | { entries: JournalEntry[] };
    const list = Array.isArray(entries) ? entries : entries.entries;
    return operation === undefined ? list : list.filter((entry) => entry.operation === operation);
  }

  /** Until the simulator has seen so many calls of the operation. */
  async until(operation: string, calls: number): Promise<void> {
    while ((await this.journal(operation)).length < calls) await pause(20);
  }

  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

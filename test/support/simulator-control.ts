import { eventually } from './eventually';

/** One call that the simulator has received. */
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

/** Sets up the simulator and reads what it has received, over its control routes. */
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

  changeClientSecret(clientSecret: string): Promise<unknown> {
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

  /** Only the calls for this customer, because a run of the previous test may still be active. */
  async callsFor(customerId: string, operation: string): Promise<JournalEntry[]> {
    return (await this.journal(operation)).filter((call) => call.customerId === customerId);
  }

  /** Waits until the simulator has received that many calls of the operation. */
  async waitForCalls(operation: string, calls: number): Promise<void> {
    const what = `${calls} calls of ${operation}`;
    await eventually(async () => (await this.journal(operation)).length >= calls, { what });
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

/** Controls a running simulator over HTTP and reads the calls and events that it received. */

/** Share of the calls to the simulator that fail in each way, 0 to 1. */
export interface FaultRates {
  readonly throttled: number;
  readonly unavailable: number;
  readonly reset: number;
  readonly lostAnswer: number;
}

export interface Agreements {
  total: number;
  customers: Record<string, { attestationId: string | null }[]>;
}

/** One call that reached Partner Center. */
export interface Call {
  operation: string;
  customerId: string;
  headers: Record<string, string>;
  status: number | null;
  effect: string | null;
  committed: boolean;
}

/** One event that reached the CRM. */
export interface ReceivedEvent {
  body: { sequence: number; data: { dealId: string } };
  status: number | null;
}

const FAULTY_OPERATIONS = ['createAttestation', 'createAgreement', 'auditRecords'] as const;
const DELAY_MS = [20, 2_000];
/** The audit log lags: a quick retry does not find the agreement yet, but a retry after a killed worker does. */
const AUDIT_DELAY_MS = 5_000;

export class SimulatorClient {
  constructor(private readonly url: string) {}

  async startFaults(seed: number, { throttled, unavailable, reset, lostAnswer }: FaultRates): Promise<void> {
    const rates = { status429: throttled, status503: unavailable, reset, loseAnswer: lostAnswer, delayMs: DELAY_MS };
    await this.#send('PUT', '/simulator/switches', { auditDelayMs: AUDIT_DELAY_MS });
    await this.#send('PUT', '/simulator/faults', {
      seed,
      rates: {
        ...Object.fromEntries(FAULTY_OPERATIONS.map((operation) => [operation, rates])),
        token: { status503: unavailable, delayMs: DELAY_MS },
      },
    });
  }

  async stopFaults(): Promise<void> {
    await this.#send('PUT', '/simulator/faults', {});
  }

  /** Accepts as the customer, on Microsoft's page. */
  async accept(attestationId: string): Promise<void> {
    await this.#send('POST', '/simulator/acceptances', { attestationId });
  }

  async getAgreements(): Promise<Agreements> {
    return (await this.#send('GET', '/simulator/agreements')) as Agreements;
  }

  /** Every call to Partner Center and Entra, in order of arrival. */
  async getCalls(): Promise<Call[]> {
    return (await this.#send('GET', '/simulator/journal')) as Call[];
  }

  /** Every event that reached the CRM, in order of arrival. */
  async getEvents(): Promise<ReceivedEvent[]> {
    return (await this.#send('GET', '/simulator/crm-events')) as ReceivedEvent[];
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`The simulator answered ${method} ${path} with ${answer.status}.`);
    return await answer.json();
  }
}

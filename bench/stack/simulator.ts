/** The simulated Partner Center as a run steers it and counts by it. */

/** How many of the calls to the simulator go wrong, each from 0 to 1. */
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
/** The activity log lags: what a quick repetition finds is not there yet, what a killed worker left behind is. */
const AUDIT_DELAY_MS = 5_000;

export class SimulatorRemote {
  constructor(private readonly url: string) {}

  async beginFaults(seed: number, { throttled, unavailable, reset, lostAnswer }: FaultRates): Promise<void> {
    const rates = {
      status429: throttled,
      status503: unavailable,
      reset,
      loseAnswer: lostAnswer,
      delayMs: DELAY_MS,
    };
    await this.#send('PUT', '/simulator/switches', { auditDelayMs: AUDIT_DELAY_MS });
    await this.#send('PUT', '/simulator/faults', {
      seed,
      rates: {
        ...Object.fromEntries(FAULTY_OPERATIONS.map((operation) => [operation, rates])),
        token: { status503: unavailable, delayMs: DELAY_MS },
      },
    });
  }

  async endFaults(): Promise<void> {
    await this.#send('PUT', '/simulator/faults', {});
  }

  /** The customer selects Accept Agreement in Microsoft's window. */
  async accept(attestationId: string): Promise<void> {
    await this.#send('POST', '/simulator/acceptances', { attestationId });
  }

  async agreements(): Promise<Agreements> {
    return (await this.#send('GET', '/simulator/agreements')) as Agreements;
  }

  /** Every call to Partner Center and Entra so far, in the order in which they arrived. */
  async calls(): Promise<Call[]> {
    return (await this.#send('GET', '/simulator/journal')) as Call[];
  }

  /** Every event that has reached the CRM, in the order of arrival. */
  async events(): Promise<ReceivedEvent[]> {
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

/** An HTTP client for the simulator; it returns every answer unchecked. */
import { startSimulator, type JournalEntry, type Simulator, type SimulatorOptions } from '../../../simulator/index';

export const CUSTOMER = '7d4c1a52-9a0e-4a0b-8f6e-0a3f1b2c3d4e';
const TEMPLATE = '117a77b0-9360-443b-8795-c6dedc750cf9';

export const signatory = {
  country: 'US',
  language: 'en-US',
  companyName: 'Contoso Ltd',
  signatoryFirstName: 'John',
  signatoryLastName: 'Smith',
  emailAddress: 'john.smith@contoso.com',
  phoneNumber: '+1-555-0123',
};

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is not JSON. */
  json: unknown;
}

export class Client {
  token = '';

  constructor(readonly simulator: Simulator) {}

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${this.simulator.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    return readReply(response);
  }

  /** A call to Partner Center with the current token. */
  async api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send(method, `/v1${path}`, body, { authorization: `Bearer ${this.token}`, ...headers });
  }

  async requestToken(form: Record<string, string> = {}, tenant?: string, path = 'oauth2/v2.0/token'): Promise<Reply> {
    const { tenantId, clientId, clientSecret } = this.simulator.credentials;
    const response = await fetch(`${this.simulator.url}/${tenant ?? tenantId}/${path}`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://api.partnercenter.microsoft.com/.default',
        ...form,
      }),
    });
    return readReply(response);
  }

  async signIn(form: Record<string, string> = {}): Promise<this> {
    const reply = await this.requestToken(form);
    this.token = (reply.json as { access_token: string }).access_token;
    return this;
  }

  async attest(fields: object = {}): Promise<string> {
    const reply = await this.api('POST', '/attestations/enhanced', { ...signatory, ...fields });
    return (reply.json as { attestationId: string }).attestationId;
  }

  async accept(attestationId: string): Promise<Reply> {
    return this.send('POST', '/simulator/acceptances', { attestationId });
  }

  async acceptedAttestation(fields: object = {}): Promise<string> {
    const id = await this.attest(fields);
    await this.accept(id);
    return id;
  }

  async agree(fields: object, headers: Record<string, string> = {}, customerId = CUSTOMER): Promise<Reply> {
    return this.api('POST', `/customers/${customerId}/agreements`, agreement(fields), headers);
  }

  async switches(patch: object): Promise<Reply> {
    return this.send('PUT', '/simulator/switches', patch);
  }

  async faults(plan: unknown): Promise<Reply> {
    return this.send('PUT', '/simulator/faults', plan);
  }

  async journal(operation?: string): Promise<JournalEntry[]> {
    const reply = await this.send('GET', `/simulator/journal${operation ? `?operation=${operation}` : ''}`);
    return reply.json as JournalEntry[];
  }

  async committed(): Promise<number> {
    const reply = await this.send('GET', '/simulator/agreements');
    return (reply.json as { total: number }).total;
  }
}

function agreement(fields: object = {}): object {
  return { templateId: TEMPLATE, dateAgreed: '2026-11-24T09:00:00Z', type: 'MicrosoftCustomerAgreement', ...fields };
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** One simulator for a test file, signed in and reset before each test. */
export function useSimulator(options: SimulatorOptions = {}): () => Client {
  let simulator: Simulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await startSimulator(options);
  });
  beforeEach(async () => {
    client = new Client(simulator);
    await client.send('POST', '/simulator/reset');
    await client.signIn();
    await client.send('DELETE', '/simulator/journal');
  });
  afterAll(() => simulator.close());
  return () => client;
}

/** The three calls that a CRM makes, over the HTTP gateway or with the Temporal client. */
import type { AttestedRequest } from '../../src/onboarding/request';
import { OnboardingClient } from '../../src/client/onboarding-client';
import { connectClient } from '../../src/temporal/connection';
import type { GatewayAccess } from './product-stack';

export type AcceptanceReply = 'recorded' | 'stored' | { refused: string };

/** A call that throws may or may not have arrived: repeat it with the same arguments. */
export interface CrmApi {
  /** Resolves once the start is acknowledged, the first time or again. */
  start(request: AttestedRequest): Promise<void>;
  /** The attestation on the page that the customer currently sees; undefined while there is none. */
  getAttestationId(dealId: string): Promise<string | undefined>;
  reportAcceptance(dealId: string, acceptanceId: string): Promise<AcceptanceReply>;
  close(): Promise<void>;
}

const HTTP_TIMEOUT_MS = 10_000;

export class GatewayCrmApi implements CrmApi {
  constructor(private readonly gateway: GatewayAccess) {}

  async start(request: AttestedRequest): Promise<void> {
    const { status } = await this.#post('/v1/onboardings', request);
    if (status !== 202 && status !== 200) throw new Error(`The start was answered with ${status}`);
  }

  async getAttestationId(dealId: string): Promise<string | undefined> {
    const { status, body } = await this.#post(`/v1/onboardings/${dealId}/frame`);
    if (status === 409) return undefined; // there is no attestation yet
    if (status !== 200) throw new Error(`The frame was answered with ${status}`);
    const { url } = body as { url: string };
    return new URL(url).searchParams.get('attestationid') ?? undefined;
  }

  async reportAcceptance(dealId: string, acceptanceId: string): Promise<AcceptanceReply> {
    const { status, body } = await this.#post(`/v1/onboardings/${dealId}/acceptance`, { acceptanceId });
    if (status === 200) return 'recorded';
    if (status === 202) return 'stored';
    if (status === 409) return { refused: (body as { type: string }).type.split(':').at(-1)! };
    throw new Error(`The acceptance was answered with ${status}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #post(path: string, body: object = {}): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${this.gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.gateway.apiKey}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
    });
    return { status: answer.status, body: await answer.json() };
  }
}

const START_DEADLINE_MS = 5_000;
const TASK_QUEUE = 'agreement-onboarding';

/** Bypasses the gateway. */
export class TemporalCrmApi implements CrmApi {
  private constructor(private readonly onboardings: OnboardingClient) {}

  static async connect(environment: Record<string, string>): Promise<TemporalCrmApi> {
    return new TemporalCrmApi(await connectOnboardingClient(environment));
  }

  async start(request: AttestedRequest): Promise<void> {
    const started = await this.onboardings.temporal.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      this.onboardings.start(request),
    );
    if (started.outcome === 'conflict') throw new Error(`Another deal has the id ${request.dealId}`);
  }

  async getAttestationId(dealId: string): Promise<string | undefined> {
    const { attestation } = await this.onboardings.view(dealId);
    return attestation?.id;
  }

  async reportAcceptance(dealId: string, acceptanceId: string): Promise<AcceptanceReply> {
    const result = await this.onboardings.reportAcceptance(dealId, { acceptanceId, source: 'crm' });
    switch (result.outcome) {
      case 'recorded':
      case 'stored':
        return result.outcome;
      case 'refused':
        return { refused: result.type };
      case 'notOpen':
        return { refused: result.outcome };
    }
  }

  close(): Promise<void> {
    return this.onboardings.close();
  }
}

/** The product's own client for the stack that `environment` names. */
export async function connectOnboardingClient(environment: Record<string, string>): Promise<OnboardingClient> {
  return new OnboardingClient(await connectClient(environment), TASK_QUEUE);
}

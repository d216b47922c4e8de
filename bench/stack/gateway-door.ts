import type { AttestedRequest } from '../../src/onboarding/request';
import type { Door, ReportAnswer } from './door';
import type { Caller } from './services';

const DEADLINE_MS = 10_000;

/** Over HTTP, as a CRM with an API key comes in. */
export class GatewayDoor implements Door {
  constructor(private readonly caller: Caller) {}

  async start(request: AttestedRequest): Promise<void> {
    const { status } = await this.#post('/v1/onboardings', request);
    if (status !== 202 && status !== 200) throw new Error(`The start was answered with ${status}`);
  }

  async attestationOf(dealId: string): Promise<string | undefined> {
    const { status, body } = await this.#post(`/v1/onboardings/${dealId}/frame`);
    if (status === 409) return undefined; // not invited yet
    if (status !== 200) throw new Error(`The frame was answered with ${status}`);
    const { url } = body as { url: string };
    return new URL(url).searchParams.get('attestationid') ?? undefined;
  }

  async reportAcceptance(dealId: string, acceptanceId: string): Promise<ReportAnswer> {
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
    const answer = await fetch(`${this.caller.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.caller.apiKey}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    return { status: answer.status, body: await answer.json() };
  }
}

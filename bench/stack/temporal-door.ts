import { type Client } from '@temporalio/client';
import type { AttestedRequest } from '../../src/onboarding/request';
import { reportAcceptance } from '../../src/client/messages';
import { connectClient } from '../../src/temporal/connection';
import { readView } from '../../src/client/view';
import { startOnboarding } from '../../src/client/start';
import type { Door, ReportAnswer } from './door';

const DEADLINE_MS = 5_000;
const TASK_QUEUE = 'agreement-onboarding';

/** Without the gateway: the same functions that it calls, against Temporal directly. */
export class TemporalDoor implements Door {
  private constructor(private readonly client: Client) {}

  static async open(environment: Record<string, string>): Promise<TemporalDoor> {
    return new TemporalDoor(await connectClient(environment));
  }

  async start(request: AttestedRequest): Promise<void> {
    const { client } = this;
    const started = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      startOnboarding(client, TASK_QUEUE, request),
    );
    if (started.outcome === 'conflict') throw new Error(`Another deal has the id ${request.dealId}`);
  }

  async attestationOf(dealId: string): Promise<string | undefined> {
    const { attestation } = await readView(this.client, dealId);
    return attestation?.id;
  }

  async reportAcceptance(dealId: string, acceptanceId: string): Promise<ReportAnswer> {
    const told = await reportAcceptance(this.client, dealId, { acceptanceId, source: 'crm' });
    switch (told.outcome) {
      case 'recorded':
      case 'stored':
        return told.outcome;
      case 'refused':
        return { refused: told.type };
      case 'notOpen':
        return { refused: told.outcome };
    }
  }

  async close(): Promise<void> {
    await this.client.connection.close();
  }
}

/** The product itself, by each of its doors; the end is read from Temporal alike. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../src/temporal/connection';
import { toWorkflowId } from '../../src/onboarding/ids';
import type { agreementOnboarding } from '../../src/workflows';
import type { Door } from '../stack/door';
import { GatewayDoor } from '../stack/gateway-door';
import type { Caller } from '../stack/services';
import { TemporalDoor } from '../stack/temporal-door';
import type { Contender, Flow } from './contender';
import { attestationOf } from './requests';

export async function clientContender(environment: Record<string, string>): Promise<Contender> {
  return contender('agreementOnboarding, Temporal client', await TemporalDoor.open(environment), environment);
}

export function gatewayContender(environment: Record<string, string>, caller: Caller): Promise<Contender> {
  return contender('agreementOnboarding, HTTP gateway', new GatewayDoor(caller), environment);
}

async function contender(name: string, door: Door, environment: Record<string, string>): Promise<Contender> {
  const client = await connectClient(environment);
  return {
    name,
    async start() {
      const customerId = randomUUID();
      const dealId = `bench-${customerId}`;
      await door.start({ dealId, customerId, attestation: attestationOf(customerId) });
      return flowOf(dealId, door, client);
    },
    async close() {
      await door.close();
      await client.connection.close();
    },
  };
}

function flowOf(dealId: string, door: Door, client: Client): Flow {
  return {
    attestationId: () => door.attestationOf(dealId),
    async accept() {
      const answer = await door.reportAcceptance(dealId, randomUUID());
      if (typeof answer === 'object') throw new Error(`An acceptance was answered with ${answer.refused}`);
    },
    async ended() {
      const handle = client.workflow.getHandle<typeof agreementOnboarding>(toWorkflowId(dealId));
      const { outcome } = await handle.result();
      if (outcome !== 'agreementCreated') throw new Error(`An onboarding ended as ${outcome}`);
    },
  };
}

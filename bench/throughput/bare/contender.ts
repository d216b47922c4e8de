import { randomUUID } from 'node:crypto';
import { connectClient } from '../../../src/temporal/connection';
import type { Contender } from '../contender';
import { BARE_TASK_QUEUE } from './task-queue';
import { acceptedSignal, attestationQuery, type bareOnboarding } from './workflow';

export async function bareContender(environment: Record<string, string>): Promise<Contender> {
  const client = await connectClient(environment);
  return {
    name: 'bare workflow, Temporal client',
    async start() {
      const customerId = randomUUID();
      const handle = await client.workflow.start<typeof bareOnboarding>('bareOnboarding', {
        taskQueue: BARE_TASK_QUEUE,
        workflowId: `bare-onboarding-${customerId}`,
        args: [customerId],
      });
      return {
        attestationId: () => handle.query(attestationQuery),
        accept: () => handle.signal(acceptedSignal),
        async ended() {
          const outcome = await handle.result();
          if (outcome !== 'created') throw new Error(`A bare flow ended as ${outcome}`);
        },
      };
    },
    close: () => client.connection.close(),
  };
}

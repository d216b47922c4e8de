/** The subjects of the benchmark: a bare workflow, and the product with each of its APIs. */
import { randomUUID } from 'node:crypto';
import { toWorkflowId } from '../../src/onboarding/ids';
import { connectClient } from '../../src/temporal/connection';
import type { agreementOnboarding } from '../../src/workflows';
import { type CrmApi, GatewayCrmApi, TemporalCrmApi } from '../../tools/test-bed/crm-api';
import { buildAttestation } from '../../tools/test-bed/deals';
import type { GatewayAccess } from '../../tools/test-bed/product-stack';
import { acceptedSignal, attestationQuery, BARE_TASK_QUEUE, type bareOnboarding } from './bare/workflow';

/** One way to take a customer from the start to the agreement. */
export interface Subject {
  readonly name: string;
  /** Resolves once the start is acknowledged. */
  start(): Promise<Flow>;
  close(): Promise<void>;
}

export interface Flow {
  /** The attestation on Microsoft's page; undefined until there is one. */
  getAttestationId(): Promise<string | undefined>;
  /** Reports the customer's acceptance; resolves once that is acknowledged. */
  reportAcceptance(): Promise<void>;
  /** Resolves when the run has ended; throws when it ended without an agreement. */
  waitForAgreement(): Promise<void>;
}

/** The first subject is the baseline. */
export function connectSubjects(environment: Record<string, string>, gateway: GatewayAccess): Promise<Subject[]> {
  return Promise.all([
    connectBareWorkflow(environment),
    TemporalCrmApi.connect(environment).then((api) => connectProduct('the product, Temporal client', api, environment)),
    connectProduct('the product, HTTP gateway', new GatewayCrmApi(gateway), environment),
  ]);
}

async function connectBareWorkflow(environment: Record<string, string>): Promise<Subject> {
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
        getAttestationId: () => handle.query(attestationQuery),
        reportAcceptance: () => handle.signal(acceptedSignal),
        async waitForAgreement() {
          const outcome = await handle.result();
          if (outcome !== 'created') throw new Error(`A bare flow ended as ${outcome}`);
        },
      };
    },
    close: () => client.connection.close(),
  };
}

/** For both APIs the end of a run is read from Temporal, so that the comparison is fair. */
async function connectProduct(name: string, api: CrmApi, environment: Record<string, string>): Promise<Subject> {
  const client = await connectClient(environment);
  return {
    name,
    async start() {
      const customerId = randomUUID();
      const dealId = `bench-${customerId}`;
      await api.start({ dealId, customerId, attestation: buildAttestation(customerId) });
      return {
        getAttestationId: () => api.getAttestationId(dealId),
        async reportAcceptance() {
          const reply = await api.reportAcceptance(dealId, randomUUID());
          if (typeof reply === 'object') throw new Error(`An acceptance was refused: ${reply.refused}`);
        },
        async waitForAgreement() {
          const handle = client.workflow.getHandle<typeof agreementOnboarding>(toWorkflowId(dealId));
          const { outcome } = await handle.result();
          if (outcome !== 'agreementCreated') throw new Error(`An onboarding ended as ${outcome}`);
        },
      };
    },
    async close() {
      await api.close();
      await client.connection.close();
    },
  };
}

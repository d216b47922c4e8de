import { createHash } from 'node:crypto';
import type { History } from '@temporalio/common/lib/proto-utils';
import type { DeliveryEnd } from '../../src/onboarding/event-delivery';
import type { AttestedRequest, PrimaryContactRequest } from '../../src/onboarding/request';
import type { OnboardingView } from '../../src/onboarding/view';
import type { agreementOnboarding } from '../../src/workflows';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import type { DeliveryHandle } from '../support/crm-events';
import { eventually } from '../support/eventually';
import { attestedRequest, primaryContactRequest } from '../support/requests';
import type { Handle, TestStack, WorkerSettings } from '../support/test-stack';
import { RECORDER } from './history-file';

/** One path through the workflow, run to record its history. */
export interface Scenario {
  /** `timeSkipping` where minutes or days pass, else the dev server: it is the production server in one process. */
  on: 'dev' | 'timeSkipping';
  /** The status an onboarding closes with, or how a delivery ended; anything else stops the recording. */
  ends: OnboardingView['status'] | DeliveryEnd;
  /** Starts the run and does everything it needs to come to its end, which the recording awaits. */
  run: (context: ScenarioContext) => Promise<Handle | DeliveryHandle>;
}

type Overrides = NonNullable<Parameters<typeof attestedRequest>[0]>;
type EventAttributes = Extract<keyof NonNullable<History['events']>[number], `${string}EventAttributes`>;

export const TASK_QUEUE = 'agreement-onboarding';
const ACTIVITY_RUNS = 2; // PendingActivityState: started
const ACTIVITY_WAITS = 1; // PendingActivityState: scheduled

/** What a scenario runs with: the stack, and a deal and a customer of its own. */
export class ScenarioContext {
  readonly deal: { dealId: string; customerId: string };

  constructor(
    readonly stack: TestStack,
    scenario: string,
  ) {
    this.deal = { dealId: `D-${scenario}`, customerId: toCustomerId(scenario) };
  }

  request(overrides: Overrides = {}): AttestedRequest {
    return attestedRequest({ ...this.deal, ...overrides });
  }

  primaryContactRequest(): PrimaryContactRequest {
    return primaryContactRequest(this.deal);
  }

  startWorker(settings: WorkerSettings = {}): Promise<unknown> {
    return this.stack.startWorker({ taskQueue: TASK_QUEUE, identity: RECORDER, ...settings });
  }

  start(request: AttestedRequest | PrimaryContactRequest): Promise<Handle> {
    return this.stack.startOnboarding(request, TASK_QUEUE);
  }

  /** As an operator starts a run in the Temporal UI: type and argument, no search attribute. */
  startByHand(request: AttestedRequest): Promise<Handle> {
    const workflowId = `agreement-onboarding-${request.dealId}`;
    const options = { taskQueue: TASK_QUEUE, workflowId, args: [request] as [AttestedRequest] };
    return this.stack.server.client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', options);
  }

  /** A run that has invited its customer, with a worker beside it. */
  async startInvited(overrides?: Overrides, settings?: WorkerSettings): Promise<Handle> {
    await this.startWorker(settings);
    const handle = await this.start(this.request(overrides));
    await this.stack.untilStatus(handle, 'awaitingAcceptance');
    return handle;
  }

  /** The customer selects Accept Agreement, and the run is notified. */
  async accept(handle: Handle): Promise<void> {
    await this.stack.control.accept();
    await handle.signal(customerAcceptedSignal);
  }

  /** The run is notified of an acceptance that Partner Center does not know, and abandons it. */
  async reportUnknownAcceptance(handle: Handle, then: OnboardingView['status']): Promise<void> {
    const before = (await this.stack.until(handle, () => true)).history.length;
    await handle.signal(customerAcceptedSignal);
    await this.stack.advanceClock(2 * 60_000);
    await this.stack.until(handle, ({ status, history }) => status === then && history.length >= before + 2);
  }

  /** Waits until Partner Center has been called and has not answered yet. */
  waitForCallInProgress(handle: Handle): Promise<void> {
    return this.pendingActivity(handle, (attempt, state) => attempt === 1 && state === ACTIVITY_RUNS);
  }

  waitBetweenAttempts(handle: Handle): Promise<void> {
    return this.pendingActivity(handle, (attempt, state) => attempt > 1 && state === ACTIVITY_WAITS);
  }

  /** Waits for an event of a type, which is identified by its attributes. */
  async waitForEvent(handle: Handle, attributes: EventAttributes): Promise<void> {
    await eventually(
      async () => {
        const { events } = await handle.fetchHistory();
        return (events ?? []).some((event) => event[attributes] != null);
      },
      { what: `an event with ${attributes}` },
    );
  }

  /** Lets the clock of the time-skipping server run while no worker does, until the history holds the event. */
  async skipUntil(handle: Handle, attributes: EventAttributes): Promise<void> {
    const testService = this.stack.server.connection.testService!;
    await testService.unlockTimeSkipping({});
    try {
      await this.waitForEvent(handle, attributes);
    } finally {
      await testService.lockTimeSkipping({});
    }
  }

  private async pendingActivity(handle: Handle, isWanted: (attempt: number, state: number) => boolean): Promise<void> {
    await eventually(
      async () => {
        const { raw } = await handle.describe();
        return (raw.pendingActivities ?? []).some(({ attempt, state }) => isWanted(attempt ?? 0, state ?? 0));
      },
      { what: 'the activity in the wanted state' },
    );
  }
}

/** Always the same customer for a scenario, so that a new recording differs in times and ids alone. */
function toCustomerId(scenario: string): string {
  const hex = createHash('sha256').update(scenario).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

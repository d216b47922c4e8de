import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { History } from '@temporalio/common/lib/proto-utils';
import type { DeliveryEnd } from '../../src/onboarding/delivery';
import type { AttestedRequest, PrimaryContactRequest } from '../../src/onboarding/request';
import type { OnboardingView } from '../../src/onboarding/view';
import type { agreementOnboarding } from '../../src/workflows';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import type { DeliveryHandle } from '../support/crm-events';
import { attestedRequest, vouchedRequest } from '../support/requests';
import type { Handle, Stage } from '../support/stage';
import { RECORDER } from './history-file';

/** One way through the workflow, played for its history. */
export interface Scenario {
  /** `timeSkipping` where minutes or days pass, else the dev server: it is the production server in one process. */
  on: 'devServer' | 'timeSkipping';
  /** The status an onboarding closes with, or how a delivery ended; anything else stops the recording. */
  ends: OnboardingView['status'] | DeliveryEnd;
  /** Starts the run and does everything it needs to come to its end, which the recording awaits. */
  play: (cast: Cast) => Promise<Handle | DeliveryHandle>;
}

type Overrides = NonNullable<Parameters<typeof attestedRequest>[0]>;
type EventAttributes = Extract<keyof NonNullable<History['events']>[number], `${string}EventAttributes`>;
type WorkerSettings = NonNullable<Parameters<Stage['startWorker']>[1]>;

export const TASK_QUEUE = 'agreement-onboarding';
const ACTIVITY_RUNS = 2; // PendingActivityState: started
const ACTIVITY_WAITS = 1; // PendingActivityState: scheduled
const LONGEST_WAIT_MS = 20_000;

/** Who and what a scenario is played with: a stage it has to itself, and a deal and a customer of its own. */
export class Cast {
  readonly deal: { dealId: string; customerId: string };

  constructor(
    readonly stage: Stage,
    scenario: string,
  ) {
    this.deal = { dealId: `D-${scenario}`, customerId: customerNamedAfter(scenario) };
  }

  request(overrides: Overrides = {}): AttestedRequest {
    return attestedRequest({ ...this.deal, ...overrides });
  }

  vouchedRequest(): PrimaryContactRequest {
    return vouchedRequest(this.deal);
  }

  startWorker(settings: WorkerSettings = {}): Promise<void> {
    return this.stage.startWorker(TASK_QUEUE, { identity: RECORDER, ...settings });
  }

  start(request: AttestedRequest | PrimaryContactRequest): Promise<Handle> {
    return this.stage.start(TASK_QUEUE, request);
  }

  /** As an operator starts a run in the Temporal UI: type and argument, no search attribute. */
  startByHand(request: AttestedRequest): Promise<Handle> {
    const workflowId = `agreement-onboarding-${request.dealId}`;
    const options = { taskQueue: TASK_QUEUE, workflowId, args: [request] as [AttestedRequest] };
    return this.stage.env.client.workflow.start<typeof agreementOnboarding>('agreementOnboarding', options);
  }

  /** A run that has invited its customer, with a worker beside it. */
  async invited(overrides?: Overrides, settings?: WorkerSettings): Promise<Handle> {
    await this.startWorker(settings);
    const handle = await this.start(this.request(overrides));
    await this.stage.status(handle, 'awaitingAcceptance');
    return handle;
  }

  /** The customer selects Accept Agreement, and the run hears of it. */
  async accept(handle: Handle): Promise<void> {
    await this.stage.control.accept();
    await handle.signal(customerAcceptedSignal);
  }

  /** The run hears of an acceptance that Partner Center does not know of, and gives it up. */
  async acceptInVain(handle: Handle, then: OnboardingView['status']): Promise<void> {
    const before = (await this.stage.until(handle, () => true)).history.length;
    await handle.signal(customerAcceptedSignal);
    await this.stage.after(2 * 60_000);
    await this.stage.until(handle, ({ status, history }) => status === then && history.length >= before + 2);
  }

  /** Until Partner Center has been called and has not answered yet. */
  callUnderWay(handle: Handle): Promise<void> {
    return this.pendingActivity(handle, (attempt, state) => attempt === 1 && state === ACTIVITY_RUNS);
  }

  betweenTwoTries(handle: Handle): Promise<void> {
    return this.pendingActivity(handle, (attempt, state) => attempt > 1 && state === ACTIVITY_WAITS);
  }

  /** Each type of event is known by the attributes that only it has. */
  eventRecorded(handle: Handle, attributes: EventAttributes): Promise<void> {
    return eventually(async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some((event) => event[attributes] != null);
    }, `an event with ${attributes}`);
  }

  /** Lets the clock of the time-skipping server run while no worker does, until the history holds the event. */
  async skipUntil(handle: Handle, attributes: EventAttributes): Promise<void> {
    const testService = this.stage.env.connection.testService!;
    await testService.unlockTimeSkipping({});
    try {
      await this.eventRecorded(handle, attributes);
    } finally {
      await testService.lockTimeSkipping({});
    }
  }

  private pendingActivity(handle: Handle, isWanted: (attempt: number, state: number) => boolean): Promise<void> {
    return eventually(async () => {
      const { raw } = await handle.describe();
      return (raw.pendingActivities ?? []).some(({ attempt, state }) => isWanted(attempt ?? 0, state ?? 0));
    }, 'the activity in the state wanted');
  }
}

/** Always the same customer for a scenario, so that a new recording differs in times and ids alone. */
function customerNamedAfter(scenario: string): string {
  const hex = createHash('sha256').update(scenario).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

async function eventually(isSo: () => Promise<boolean>, wanted: string): Promise<void> {
  for (const deadline = Date.now() + LONGEST_WAIT_MS; !(await isSo());) {
    if (Date.now() > deadline) throw new Error(`Waited ${LONGEST_WAIT_MS} ms in vain for ${wanted}`);
    await pause(20);
  }
}

import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { customerAcceptedSignal } from '../../../src/workflows/messages';
import type { Scenario } from '../scenario-context';

const HOUR = 3_600_000;

/** Partner Center or our own workers are unavailable for a while. */
export const outages = {
  'calls-retried': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.switches({ requestIdReplay: 'replay' });
      await context.stack.control.faults(
        { on: 'createAttestation', status: 503 },
        { on: 'createAgreement', status: 503 },
        { on: 'createAgreement', status: 429, retryAfter: 7 },
        { on: 'createAgreement', effect: 'loseAnswer' },
      );
      await context.startWorker();
      const handle = await context.start(context.request());
      await context.stack.advanceClock(5_000); // the second try of the attestation
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-found-after-a-lost-answer': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await context.startInvited();
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-already-exists-after-a-lost-answer': {
    on: 'dev',
    ends: 'agreementAlreadyExists',
    run: async (context) => {
      await context.stack.control.switches({ auditDelayMs: HOUR }); // the activity log does not show it yet
      await context.stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await context.startInvited();
      await context.accept(handle);
      return handle;
    },
  },
  'no-worker-for-a-day': {
    on: 'dev', // the time-skipping server skips no time while an activity waits for a worker
    ends: 'agreementCreated',
    run: async (context) => {
      const workflowBundle = await bundleWithShortOutages();
      // This worker takes the tasks of workflows only, so that no worker takes the call. It caches no run, so that none
      // waits for it after it has stopped.
      await context.startWorker({ workflowBundle, activities: {}, maxCachedWorkflows: 0 });
      const handle = await context.start(context.request());
      await context.waitForEvent(handle, 'activityTaskTimedOutEventAttributes');
      await context.stack.stopWorkers();
      await context.startWorker({ workflowBundle });
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'acceptance-and-deadline-in-one-task': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      // Without a cache no sticky queue of the dead worker holds the run back.
      const handle = await context.startInvited({ attestation: { expirationInMinutes: 5 } }, { maxCachedWorkflows: 0 });
      await context.stack.control.accept();
      await context.stack.stopWorkers();
      await context.skipUntil(handle, 'timerFiredEventAttributes'); // first: a signal in wait would stop the clock
      await handle.signal(customerAcceptedSignal);
      await context.startWorker();
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

/** The current workflow with a shorter time-out, which replay does not compare: its history fits the real code. */
function bundleWithShortOutages(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../../../src/workflows'),
    workflowInterceptorModules: [require.resolve('../fixtures/short-outage')],
    logger: new DefaultLogger('WARN'),
  });
}

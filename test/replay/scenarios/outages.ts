import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { customerAcceptedSignal } from '../../../src/workflows/messages';
import type { Scenario } from '../scenario-context';

const HOUR = 3_600_000;

/** Partner Center or our own workers are away for a while. */
export const outages = {
  'calls-retried': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (context) => {
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
    play: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await context.invited();
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-already-exists-after-a-lost-answer': {
    on: 'dev',
    ends: 'agreementAlreadyExists',
    play: async (context) => {
      await context.stack.control.switches({ auditDelayMs: HOUR }); // the activity log does not show it yet
      await context.stack.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await context.invited();
      await context.accept(handle);
      return handle;
    },
  },
  'no-worker-for-a-day': {
    on: 'dev', // the time-skipping server skips no time while an activity waits for a worker
    ends: 'agreementCreated',
    play: async (context) => {
      const workflowBundle = await bundleWithShortOutages();
      // This worker takes the tasks of workflows only, so that the call finds nobody. It keeps no run in its cache, so
      // that none waits for it once it is gone.
      await context.startWorker({ workflowBundle, activities: {}, maxCachedWorkflows: 0 });
      const handle = await context.start(context.request());
      await context.eventRecorded(handle, 'activityTaskTimedOutEventAttributes');
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
    play: async (context) => {
      // Without a cache no sticky queue of the dead worker holds the run back.
      const handle = await context.invited({ attestation: { expirationInMinutes: 5 } }, { maxCachedWorkflows: 0 });
      await context.stack.control.accept();
      await context.stack.stopWorkers();
      await context.skipUntil(handle, 'timerFiredEventAttributes'); // first: a signal in wait would stop the clock
      await handle.signal(customerAcceptedSignal);
      await context.startWorker();
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

/** The workflow as it is, but for a time-out that replay does not compare: the history fits the real one. */
function bundleWithShortOutages(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../../../src/workflows'),
    workflowInterceptorModules: [require.resolve('../fixtures/short-outage')],
    logger: new DefaultLogger('WARN'),
  });
}

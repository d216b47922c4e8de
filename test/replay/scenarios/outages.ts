import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { customerAcceptedSignal } from '../../../src/workflows/messages';
import type { Scenario } from '../cast';

const HOUR = 3_600_000;

/** Partner Center or our own workers are away for a while. */
export const outages = {
  'calls-retried': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.switches({ requestIdReplay: 'replay' });
      await cast.stage.control.faults(
        { on: 'createAttestation', status: 503 },
        { on: 'createAgreement', status: 503 },
        { on: 'createAgreement', status: 429, retryAfter: 7 },
        { on: 'createAgreement', effect: 'loseAnswer' },
      );
      await cast.startWorker();
      const handle = await cast.start(cast.request());
      await cast.stage.after(5_000); // the second try of the attestation
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-found-after-a-lost-answer': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await cast.invited();
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-already-exists-after-a-lost-answer': {
    on: 'devServer',
    ends: 'agreementAlreadyExists',
    play: async (cast) => {
      await cast.stage.control.switches({ auditDelayMs: HOUR }); // the activity log does not show it yet
      await cast.stage.control.faults({ on: 'createAgreement', effect: 'loseAnswer' });
      const handle = await cast.invited();
      await cast.accept(handle);
      return handle;
    },
  },
  'no-worker-for-a-day': {
    on: 'devServer', // the time-skipping server skips no time while an activity waits for a worker
    ends: 'agreementCreated',
    play: async (cast) => {
      const workflowBundle = await bundleWithShortOutages();
      // This worker takes the tasks of workflows only, so that the call finds nobody. It keeps no run in its cache, so
      // that none waits for it once it is gone.
      await cast.startWorker({ workflowBundle, activities: {}, maxCachedWorkflows: 0 });
      const handle = await cast.start(cast.request());
      await cast.eventRecorded(handle, 'activityTaskTimedOutEventAttributes');
      await cast.stage.stopWorkers();
      await cast.startWorker({ workflowBundle });
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'acceptance-and-deadline-in-one-task': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      // Without a cache no sticky queue of the dead worker holds the run back.
      const handle = await cast.invited({ attestation: { expirationInMinutes: 5 } }, { maxCachedWorkflows: 0 });
      await cast.stage.control.accept();
      await cast.stage.stopWorkers();
      await cast.skipUntil(handle, 'timerFiredEventAttributes'); // first: a signal in wait would stop the clock
      await handle.signal(customerAcceptedSignal);
      await cast.startWorker();
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

import type { Scenario } from '../scenario-context';

const HOUR = 3_600_000;

/** An operator cancels at various points of the run. */
export const cancellations = {
  'cancelled-while-waiting': {
    on: 'dev',
    ends: 'cancelled',
    run: async (context) => {
      const handle = await context.startInvited();
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-while-parked': {
    on: 'dev',
    ends: 'cancelled',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAttestation', status: 403 });
      await context.startWorker();
      const handle = await context.start(context.request());
      await context.stack.untilStatus(handle, 'needsAttention');
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-while-creating-with-the-answer-lost': {
    on: 'dev',
    ends: 'cancelled',
    run: async (context) => {
      await context.stack.control.switches({ auditDelayMs: HOUR }); // the activity log does not show it yet
      await context.stack.control.faults({ on: 'createAgreement', delayMs: 1_000, effect: 'loseAnswer' });
      const handle = await context.startInvited();
      await context.accept(handle);
      await context.waitForCallInProgress(handle);
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-between-two-tries': {
    on: 'dev',
    ends: 'cancelled',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', status: 503, times: 'always' });
      const handle = await context.startInvited();
      await context.accept(handle);
      await context.waitBetweenAttempts(handle);
      await handle.cancel();
      return handle;
    },
  },
  'agreement-created-despite-the-cancellation': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', delayMs: 1_000 });
      const handle = await context.startInvited();
      await context.accept(handle);
      await context.waitForCallInProgress(handle);
      await handle.cancel();
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

import type { Scenario } from '../cast';

const HOUR = 3_600_000;

/** An operator cancels, wherever the run stands. */
export const cancellations = {
  'cancelled-while-waiting': {
    on: 'devServer',
    ends: 'cancelled',
    play: async (cast) => {
      const handle = await cast.invited();
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-while-parked': {
    on: 'devServer',
    ends: 'cancelled',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAttestation', status: 403 });
      await cast.startWorker();
      const handle = await cast.start(cast.request());
      await cast.stage.status(handle, 'needsAttention');
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-while-creating-with-the-answer-lost': {
    on: 'devServer',
    ends: 'cancelled',
    play: async (cast) => {
      await cast.stage.control.switches({ auditDelayMs: HOUR }); // the activity log does not show it yet
      await cast.stage.control.faults({ on: 'createAgreement', delayMs: 1_000, effect: 'loseAnswer' });
      const handle = await cast.invited();
      await cast.accept(handle);
      await cast.callUnderWay(handle);
      await handle.cancel();
      return handle;
    },
  },
  'cancelled-between-two-tries': {
    on: 'devServer',
    ends: 'cancelled',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAgreement', status: 503, times: 'always' });
      const handle = await cast.invited();
      await cast.accept(handle);
      await cast.betweenTwoTries(handle);
      await handle.cancel();
      return handle;
    },
  },
  'agreement-created-despite-the-cancellation': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAgreement', delayMs: 1_000 });
      const handle = await cast.invited();
      await cast.accept(handle);
      await cast.callUnderWay(handle);
      await handle.cancel();
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

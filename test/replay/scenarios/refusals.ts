import { declineUpdate, retrySignal } from '../../../src/workflows/messages';
import type { Scenario } from '../cast';

const MINUTE = 60_000;

/** Partner Center refuses a call, and a customer or an operator must help. */
export const refusals = {
  'acceptance-refused-until-a-later-try': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAgreement', status: 400, body: { code: 1 }, times: 3 });
      const handle = await cast.invited();
      await cast.accept(handle);
      return handle;
    },
  },
  'acceptance-refused-then-accepted': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited();
      await cast.acceptInVain(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'acceptance-refused-three-times-then-retried': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited();
      await cast.acceptInVain(handle, 'awaitingAcceptance');
      await cast.acceptInVain(handle, 'awaitingAcceptance');
      await cast.acceptInVain(handle, 'needsAttention');
      await cast.stage.control.accept();
      await handle.signal(retrySignal);
      return handle;
    },
  },
  'acceptance-refused-until-the-links-end-then-declined': {
    on: 'timeSkipping',
    ends: 'declined',
    play: async (cast) => {
      const handle = await cast.invited({ attestation: { expirationInMinutes: 5 } });
      await cast.acceptInVain(handle, 'awaitingAcceptance');
      await cast.stage.after(10 * MINUTE);
      await cast.stage.status(handle, 'needsAttention');
      await handle.executeUpdate(declineUpdate, { args: [{ code: 'doesNotAccept' }] });
      return handle;
    },
  },
  'access-lost-and-regained-by-itself': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAttestation', status: 403, times: 2 });
      await cast.startWorker();
      const handle = await cast.start(cast.request());
      await cast.stage.status(handle, 'needsAttention');
      await cast.stage.after(60 * MINUTE); // the two waits are at most 18 and 36 minutes
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'access-lost-after-the-acceptance-then-retried': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAgreement', status: 403 });
      const handle = await cast.invited();
      await cast.accept(handle);
      await cast.stage.status(handle, 'needsAttention');
      await handle.signal(retrySignal);
      return handle;
    },
  },
  'attestation-refused-then-retried': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.stage.control.faults({ on: 'createAttestation', status: 400, body: { code: 800002 } });
      await cast.startWorker();
      const handle = await cast.start(cast.request());
      await cast.stage.status(handle, 'needsAttention');
      await handle.signal(retrySignal);
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

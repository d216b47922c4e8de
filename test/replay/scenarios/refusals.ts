import { declineUpdate, retrySignal } from '../../../src/workflows/messages';
import type { Scenario } from '../scenario-context';

const MINUTE = 60_000;

/** Partner Center refuses a call, and a customer or an operator must help. */
export const refusals = {
  'acceptance-refused-until-a-later-try': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', status: 400, body: { code: 1 }, times: 3 });
      const handle = await context.startInvited();
      await context.accept(handle);
      return handle;
    },
  },
  'acceptance-refused-then-accepted': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited();
      await context.reportUnknownAcceptance(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'acceptance-refused-three-times-then-retried': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited();
      await context.reportUnknownAcceptance(handle, 'awaitingAcceptance');
      await context.reportUnknownAcceptance(handle, 'awaitingAcceptance');
      await context.reportUnknownAcceptance(handle, 'needsAttention');
      await context.stack.control.accept();
      await handle.signal(retrySignal);
      return handle;
    },
  },
  'acceptance-refused-until-the-links-end-then-declined': {
    on: 'timeSkipping',
    ends: 'declined',
    run: async (context) => {
      const handle = await context.startInvited({ attestation: { expirationInMinutes: 5 } });
      await context.reportUnknownAcceptance(handle, 'awaitingAcceptance');
      await context.stack.advanceClock(10 * MINUTE);
      await context.stack.untilStatus(handle, 'needsAttention');
      await handle.executeUpdate(declineUpdate, { args: [{ code: 'doesNotAccept' }] });
      return handle;
    },
  },
  'access-lost-and-regained-by-itself': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAttestation', status: 403, times: 2 });
      await context.startWorker();
      const handle = await context.start(context.request());
      await context.stack.untilStatus(handle, 'needsAttention');
      await context.stack.advanceClock(60 * MINUTE); // the two waits are at most 18 and 36 minutes
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'access-lost-after-the-acceptance-then-retried': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAgreement', status: 403 });
      const handle = await context.startInvited();
      await context.accept(handle);
      await context.stack.untilStatus(handle, 'needsAttention');
      await handle.signal(retrySignal);
      return handle;
    },
  },
  'attestation-refused-then-retried': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.stack.control.faults({ on: 'createAttestation', status: 400, body: { code: 800002 } });
      await context.startWorker();
      const handle = await context.start(context.request());
      await context.stack.untilStatus(handle, 'needsAttention');
      await handle.signal(retrySignal);
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

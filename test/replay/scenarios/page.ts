import type { Handle } from '../../support/test-stack';
import {
  customerAcceptedSignal,
  pageVisitedSignal,
  renewAttestationUpdate,
  retrySignal,
} from '../../../src/workflows/messages';
import type { ScenarioContext, Scenario } from '../scenario-context';

const MINUTE = 60_000;

/** What the signatory's page does to a run: visits, and renewals under a link that outlives its attestations. */
export const page = {
  'expired-although-the-frame-was-used': {
    on: 'timeSkipping',
    ends: 'expired',
    run: async (context) => {
      const handle = await context.startInvited();
      const { createdAt: at } = await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await handle.signal(pageVisitedSignal, { event: 'opened', round: 1, at });
      await handle.signal(pageVisitedSignal, { event: 'frameUsed', round: 1, at });
      return handle;
    },
  },
  'attestation-renewed-then-accepted': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await invitedWithLongLink(context);
      await handle.executeUpdate(renewAttestationUpdate);
      await context.accept(handle);
      return handle;
    },
  },
  'attestation-renewed-with-access-lost-then-retried': {
    on: 'timeSkipping',
    ends: 'expired',
    run: async (context) => {
      const handle = await invitedWithLongLink(context);
      await context.stack.control.faults({ on: 'createAttestation', status: 403 });
      await handle.executeUpdate(renewAttestationUpdate).catch(() => undefined); // refused: the run needs attention now
      await context.stack.untilStatus(handle, 'needsAttention');
      await handle.signal(retrySignal);
      await context.stack.until(handle, ({ attestation }) => attestation?.round === 2);
      return handle;
    },
  },
  'attestation-not-renewed-when-the-earlier-one-is-accepted': {
    on: 'timeSkipping',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await invitedWithLongLink(context, () => context.stack.control.accept());
      await context.stack.control.faults({ on: 'createAttestation', status: 503, times: 'always' });
      const renewal = handle.executeUpdate(renewAttestationUpdate).catch(() => undefined);
      await context.stack.control.waitForCalls('createAttestation', 2);
      await handle.signal(customerAcceptedSignal, { round: 1 });
      await renewal;
      return handle;
    },
  },
} satisfies Record<string, Scenario>;

/** A run whose first attestation has expired, while its link is valid for half an hour. */
async function invitedWithLongLink(context: ScenarioContext, meanwhile?: () => Promise<unknown>): Promise<Handle> {
  const handle = await context.startInvited({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30 });
  await meanwhile?.();
  await context.stack.advanceClock(6 * MINUTE);
  await context.stack.until(handle, ({ attestation }) => attestation?.live === false);
  return handle;
}

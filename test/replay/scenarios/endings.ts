import { declineUpdate, recordAcceptanceUpdate } from '../../../src/workflows/messages';
import type { Scenario } from '../scenario-context';

/** Each outcome by its shortest path, and the ways of starting a run. */
export const endings = {
  'agreement-created-by-signal': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited();
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-created-by-update': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited();
      await context.stack.control.accept();
      const acceptance = { acceptanceId: 'a-1', source: 'page', actor: 'signatory' } as const;
      await handle.executeUpdate(recordAcceptanceUpdate, { args: [acceptance] });
      return handle;
    },
  },
  'agreement-created-with-reseller-and-campaign': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited({ resellerId: 'fabrikam', campaignId: '2026-re-acceptance' });
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-created-with-events-to-the-crm': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      const handle = await context.startInvited({ callbackUrl: 'https://crm.example/events' });
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-created-started-by-hand': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.startWorker();
      const handle = await context.startByHand(context.request());
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'agreement-created-by-the-old-method': {
    on: 'dev',
    ends: 'agreementCreated',
    run: async (context) => {
      await context.startWorker({ settings: { allowPrimaryContactMethod: true } });
      return context.start(context.primaryContactRequest());
    },
  },
  'agreement-already-exists': {
    on: 'dev',
    ends: 'agreementAlreadyExists',
    run: async (context) => {
      const earlier = await context.startInvited({ dealId: `${context.deal.dealId}-earlier` });
      await context.accept(earlier);
      await earlier.result();
      const handle = await context.start(context.request());
      await context.stack.untilStatus(handle, 'awaitingAcceptance');
      await context.accept(handle);
      return handle;
    },
  },
  'attestation-rejected': {
    on: 'dev',
    ends: 'attestationRejected',
    run: async (context) => {
      await context.startWorker();
      return context.start(context.request({ attestation: { emailAddress: 'nobody' } }));
    },
  },
  declined: {
    on: 'dev',
    ends: 'declined',
    run: async (context) => {
      const handle = await context.startInvited();
      await handle.executeUpdate(declineUpdate, { args: [{ code: 'wrongPerson', comment: 'ask our lawyer' }] });
      return handle;
    },
  },
  expired: { on: 'timeSkipping', ends: 'expired', run: (context) => context.startInvited() },
  'expired-with-a-link-longer-than-its-attestation': {
    on: 'timeSkipping',
    ends: 'expired',
    run: (context) => context.startInvited({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30 }),
  },
  'failed-by-an-invalid-request': {
    on: 'dev',
    ends: 'failed',
    run: async (context) => {
      await context.startWorker();
      return context.start(context.request({ attestation: { expirationInMinutes: 3 } }));
    },
  },
} satisfies Record<string, Scenario>;

import { declineUpdate, recordAcceptanceUpdate } from '../../../src/workflows/messages';
import type { Scenario } from '../cast';

/** Each outcome on its shortest way, and the ways of starting a run. */
export const endings = {
  'agreement-created-by-signal': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited();
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-created-by-update': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited();
      await cast.stage.control.accept();
      const acceptance = { acceptanceId: 'a-1', source: 'page', actor: 'signatory' } as const;
      await handle.executeUpdate(recordAcceptanceUpdate, { args: [acceptance] });
      return handle;
    },
  },
  'agreement-created-with-reseller-and-campaign': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited({ resellerId: 'fabrikam', campaignId: '2026-re-acceptance' });
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-created-with-events-to-the-crm': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      const handle = await cast.invited({ callbackUrl: 'https://crm.example/events' });
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-created-started-by-hand': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.startWorker();
      const handle = await cast.startByHand(cast.request());
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'agreement-created-by-the-old-method': {
    on: 'devServer',
    ends: 'agreementCreated',
    play: async (cast) => {
      await cast.startWorker({ settings: { allowPrimaryContactMethod: true } });
      return cast.start(cast.vouchedRequest());
    },
  },
  'agreement-already-exists': {
    on: 'devServer',
    ends: 'agreementAlreadyExists',
    play: async (cast) => {
      const earlier = await cast.invited({ dealId: `${cast.deal.dealId}-earlier` });
      await cast.accept(earlier);
      await earlier.result();
      const handle = await cast.start(cast.request());
      await cast.stage.status(handle, 'awaitingAcceptance');
      await cast.accept(handle);
      return handle;
    },
  },
  'attestation-rejected': {
    on: 'devServer',
    ends: 'attestationRejected',
    play: async (cast) => {
      await cast.startWorker();
      return cast.start(cast.request({ attestation: { emailAddress: 'nobody' } }));
    },
  },
  declined: {
    on: 'devServer',
    ends: 'declined',
    play: async (cast) => {
      const handle = await cast.invited();
      await handle.executeUpdate(declineUpdate, { args: [{ code: 'wrongPerson', comment: 'ask our lawyer' }] });
      return handle;
    },
  },
  expired: { on: 'timeSkipping', ends: 'expired', play: (cast) => cast.invited() },
  'expired-with-a-link-longer-than-its-attestation': {
    on: 'timeSkipping',
    ends: 'expired',
    play: (cast) => cast.invited({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30 }),
  },
  'failed-by-an-invalid-request': {
    on: 'devServer',
    ends: 'failed',
    play: async (cast) => {
      await cast.startWorker();
      return cast.start(cast.request({ attestation: { expirationInMinutes: 3 } }));
    },
  },
} satisfies Record<string, Scenario>;

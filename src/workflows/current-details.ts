import { remediations } from '../onboarding/failures';
import type { OnboardingState } from './state';

/** What the Temporal UI shows of a run, in plain words for an operator: no secret, no person's data. */
export function currentDetailsOf(state: OnboardingState, now: number): string {
  switch (state.status) {
    case 'creatingAttestation':
      return 'Creating the attestation at Partner Center.';
    case 'awaitingAcceptance':
      return (
        `Waiting for the customer until ${utc(state.acceptBy)}.` +
        (now < Date.parse(state.rounds.at(-1)!.expiresAt) ? '' : ' The attestation itself has run out.') +
        (state.refusals > 0 ? ' Partner Center did not know of the acceptance that was reported.' : '')
      );
    case 'creatingAgreement':
      return 'The customer has accepted. Creating the agreement at Partner Center.';
    case 'needsAttention':
      return [
        `**Needs attention: ${state.attentionReason}.** ${state.problem?.title ?? ''}`,
        state.attentionReason === undefined ? '' : `Fix: ${remediations[state.attentionReason]}`,
        state.nextRetryAt === undefined
          ? 'Then send the signal `retry`; nothing is lost until then.'
          : `The run tries again by itself at ${utc(state.nextRetryAt)}; the signal \`retry\` makes it try at once.`,
      ].join('\n\n');
    case 'agreementCreated':
      return 'Done: the agreement is created.';
    case 'agreementAlreadyExists':
      return 'Done: Partner Center already had a confirmed agreement of this customer.';
    case 'expired':
      return `Ended: the customer did not accept until ${utc(state.acceptBy)}.`;
    case 'declined':
      return `Ended: declined (${state.decline?.code ?? 'other'}).`;
    case 'attestationRejected':
      return `Ended: Partner Center rejected the data: ${Object.keys(state.problem?.errors ?? {}).join(', ') || 'no field named'}.`;
    case 'cancelled':
      return state.agreementMayExist
        ? 'Cancelled while the agreement was being created: **it may exist**. Look the customer up in Partner Center.'
        : 'Cancelled.';
    case 'failed':
      return 'Failed by a defect; the failure of the run says which.';
  }
}

/** `2026-11-24 14:05 UTC`. */
function utc(at: string | undefined): string {
  return at === undefined ? 'an unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

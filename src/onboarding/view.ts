/** The view inside the system, and the part of it that may leave. Free of zod, for workflows and the CLI. */
import type { Acceptance } from './acceptance';
import type { PublicView } from './view-schema';

export type { OnboardingOutcome, OnboardingStatus } from './status';
export type { Decline, OnboardingResult, Problem, PublicView } from './view-schema';

export interface OnboardingView extends Omit<PublicView, 'attestation' | 'acceptance'> {
  /** `id` is a bearer secret until it is used: not for logs, URLs of ours or HTTP answers. */
  attestation?: NonNullable<PublicView['attestation']> & { id: string };
  acceptance?: Acceptance;
}

export function toPublicView({ attestation, acceptance, ...rest }: OnboardingView): PublicView {
  const view: PublicView = rest;
  if (attestation) {
    const { id: _secret, ...shown } = attestation;
    view.attestation = shown;
  }
  if (acceptance) {
    const { page: _person, ...shown } = acceptance;
    view.acceptance = shown;
  }
  return view;
}

import type { Acceptance } from './acceptance';
import type { OnboardingView } from './view';

/** A view for eyes outside: without the attestation's id, a bearer secret, and without what the page saw of a person. */
export type PublicView = Omit<OnboardingView, 'attestation' | 'acceptance'> & {
  attestation?: Omit<NonNullable<OnboardingView['attestation']>, 'id'>;
  acceptance?: Omit<Acceptance, 'page'>;
};

export function toPublicView<T extends OnboardingView>({ attestation, acceptance, ...rest }: T) {
  const { id: _secret, ...shownAttestation } = attestation ?? {};
  const { page: _person, ...shownAcceptance } = acceptance ?? {};
  return {
    ...rest,
    ...(attestation && { attestation: shownAttestation }),
    ...(acceptance && { acceptance: shownAcceptance }),
  } as Omit<T, 'attestation' | 'acceptance'> & PublicView;
}

import type { AcceptanceLinks } from '../onboarding/acceptance-link';
import { documentLanguages } from '../onboarding/languages';
import { usesPrimaryContact, type OnboardingRequest } from '../onboarding/request';
import type { OnboardingStatus } from '../onboarding/view';
import { onboardingId } from '../onboarding/ids';

/** An attempt at a deal, as it was started or found. */
export interface Attempt {
  runId: string;
  status: OnboardingStatus;
  attempt: number;
  isOpen: boolean;
}

export function pathOf(id: string): string {
  return `/v1/onboardings/${id}`;
}

/** The body of an answer to a start: what to send to the customer, and what can be done next. */
export function startedBody(
  request: OnboardingRequest,
  { runId, status, attempt, isOpen }: Attempt,
  links: AcceptanceLinks,
) {
  const id = onboardingId(request);
  const warnings = warningsOf(request);
  return {
    id,
    status,
    attempt,
    ...(isOpen && !usesPrimaryContact(request) && { acceptanceUrl: links.urlOf({ onboardingId: id, runId }) }),
    links: linksOf(id),
    ...(warnings.length > 0 && { warnings }),
  };
}

function linksOf(id: string) {
  const self = pathOf(id);
  const of = (action: string) => `${self}/${action}`;
  return {
    self,
    acceptance: of('acceptance'),
    frame: of('frame'),
    link: of('link'),
    decline: of('decline'),
    cancel: of('cancel'),
    retry: of('retry'),
    restart: of('restart'),
  };
}

/** A language that Microsoft has no document in is no reason to refuse a deal: it may have been added, or English is shown. */
function warningsOf({ attestation }: OnboardingRequest): { pointer: string; detail: string }[] {
  if (attestation === undefined) return [];
  const { country, language } = attestation;
  const known = documentLanguages(country);
  if (known.length === 0 || known.includes(language)) return [];
  const detail = `is not known as a language of the agreement in ${country}, which has ${known.join(', ')}: Partner Center may refuse it, or show another one`;
  return [{ pointer: '/attestation/language', detail }];
}

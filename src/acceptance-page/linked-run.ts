/** The run that a link is for, as its page needs it. */
import type { LinkTarget } from '../onboarding/acceptance-link';
import type { OnboardingRequest } from '../onboarding/request';
import { grpcCode, getGrpcFailure } from '../temporal/grpc-code';
import type { OnboardingClient } from '../client/onboarding-client';
import { BoundedMap } from './bounded-map';
import { givesWayToNewer, type PageState, pageStateOf } from './page-state';

const MAX_SIGNATORIES = 2_000;
const READ_DEADLINE_MS = 5_000;

/** Whom the page speaks to. */
export interface Signatory {
  name: string;
  company: string;
  /** The attestation's language tag. */
  language: string;
}

export class LinkedRuns {
  /** A run's argument never changes. */
  private readonly signatories = new BoundedMap<string, Signatory | undefined>(MAX_SIGNATORIES);

  /** Runs that were told of an acceptance while no worker could hear it. */
  private readonly unheard = new BoundedMap<string, true>(MAX_SIGNATORIES);

  constructor(private readonly onboardings: OnboardingClient) {}

  /** An acceptance is stored: what the page says until a worker has heard it. */
  noteUnheardAcceptance({ runId }: LinkTarget): void {
    this.unheard.set(runId, true);
  }

  /** Whom a run asks; `undefined` where it asks nobody (the old method), and where Temporal knows no such run. */
  async signatoryOf({ onboardingId, runId }: LinkTarget): Promise<Signatory | undefined> {
    if (this.signatories.has(runId)) return this.signatories.get(runId);
    try {
      const signatory = await this.onboardings.withDeadline(READ_DEADLINE_MS, async () =>
        signatoryIn(await this.onboardings.request(onboardingId, runId)),
      );
      this.signatories.set(runId, signatory);
      return signatory;
    } catch (error) {
      if (getGrpcFailure(error)?.code === grpcCode.notFound) return undefined;
      throw error;
    }
  }

  /** What the page shows of the run, also without a worker. @throws WorkflowNotFoundError */
  async stateOf(target: LinkTarget): Promise<PageState> {
    const { onboardingId, runId } = target;
    const state = pageStateOf(await this.onboardings.view(onboardingId, runId), Date.now());
    if (state.kind !== 'noWorker') this.unheard.delete(runId);
    else if (this.unheard.has(runId) || (await this.onboardings.hasUnreadAcceptance(onboardingId, runId)))
      return { kind: 'saved' };
    if (!givesWayToNewer(state)) return state;
    const newest = await this.onboardings.summary(onboardingId);
    return newest.runId === runId ? state : { kind: 'replaced' };
  }
}

function signatoryIn({ attestation }: OnboardingRequest): Signatory | undefined {
  if (attestation === undefined) return undefined;
  const { signatoryFirstName: first, signatoryLastName: last, companyName, language } = attestation;
  // Where names are written in Chinese characters or Hangul, the family's name comes first.
  const isFamilyFirst = /[\p{Script=Han}\p{Script=Hangul}]/u.test(last);
  return { name: isFamilyFirst ? `${last} ${first}` : `${first} ${last}`, company: companyName, language };
}

import { LRUCache } from 'lru-cache';
import type { OnboardingClient } from '../client/onboarding-client';
import type { LinkTarget } from '../onboarding/acceptance-link';
import type { OnboardingRequest } from '../onboarding/request';
import { getGrpcFailure, grpcCode } from '../temporal/grpc-code';
import { isReplaceable, type PageState, toPageState } from './page-state';

const MAX_RUNS = 2_000;
const READ_DEADLINE_MS = 5_000;

export interface Signatory {
  name: string;
  company: string;
  language: string;
}

/** Reads what the page shows of the run that a link belongs to. */
export class LinkedRuns {
  /** By run id; a run's request never changes. */
  private readonly signatories = new LRUCache<string, Signatory>({ max: MAX_RUNS });

  /** Runs for which an acceptance was stored while no worker could read it. */
  private readonly unreadAcceptances = new LRUCache<string, true>({ max: MAX_RUNS });

  constructor(private readonly onboardings: OnboardingClient) {}

  /** Lets the page say that the acceptance is saved until a worker has read it. */
  noteUnreadAcceptance({ runId }: LinkTarget): void {
    this.unreadAcceptances.set(runId, true);
  }

  /** `undefined` for a run that has none, which uses the primary contact method, and for one that Temporal does not know. */
  async getSignatory({ onboardingId, runId }: LinkTarget): Promise<Signatory | undefined> {
    const known = this.signatories.get(runId);
    if (known !== undefined) return known;
    try {
      const readRequest = () => this.onboardings.request(onboardingId, runId);
      const signatory = toSignatory(await this.onboardings.withDeadline(READ_DEADLINE_MS, readRequest));
      this.signatories.set(runId, signatory);
      return signatory;
    } catch (error) {
      if (getGrpcFailure(error)?.code === grpcCode.notFound) return undefined;
      throw error;
    }
  }

  /** What the page shows of the run; needs no worker. @throws WorkflowNotFoundError */
  async getState({ onboardingId, runId }: LinkTarget): Promise<PageState> {
    const state = toPageState(await this.onboardings.view(onboardingId, runId), Date.now());
    if (state.kind === 'noWorker') {
      const isUnread = this.unreadAcceptances.has(runId) || this.onboardings.hasUnreadAcceptance(onboardingId, runId);
      return (await isUnread) ? { kind: 'saved' } : state;
    }
    this.unreadAcceptances.delete(runId);
    if (!isReplaceable(state)) return state;
    const newest = await this.onboardings.summary(onboardingId);
    return newest.runId === runId ? state : { kind: 'replaced' };
  }
}

function toSignatory({ attestation }: OnboardingRequest): Signatory | undefined {
  if (attestation === undefined) return undefined;
  const { signatoryFirstName: first, signatoryLastName: last, companyName, language } = attestation;
  // In names written in Chinese characters or Hangul the family name comes first.
  const isFamilyNameFirst = /[\p{Script=Han}\p{Script=Hangul}]/u.test(last);
  return { name: isFamilyNameFirst ? `${last} ${first}` : `${first} ${last}`, company: companyName, language };
}

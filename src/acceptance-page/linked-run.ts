/** The run that a link is for, as its page needs it. */
import type { Client } from '@temporalio/client';
import type { LinkTarget } from '../onboarding/acceptance-link';
import type { OnboardingRequest } from '../onboarding/request';
import { grpcCode, getGrpcFailure } from '../client/grpc-code';
import { toWorkflowId } from '../onboarding/ids';
import { readSummary, readView } from '../client/summary';
import { readRequest } from '../client/start';
import { customerAcceptedSignal } from '../workflows/messages';
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

  constructor(private readonly client: Client) {}

  /** An acceptance is stored: what the page says until a worker has heard it. */
  noteUnheardAcceptance({ runId }: LinkTarget): void {
    this.unheard.set(runId, true);
  }

  /** Whom a run asks; `undefined` where it asks nobody (the old method), and where Temporal knows no such run. */
  async signatoryOf({ onboardingId, runId }: LinkTarget): Promise<Signatory | undefined> {
    if (this.signatories.has(runId)) return this.signatories.get(runId);
    try {
      const signatory = await this.client.withDeadline(Date.now() + READ_DEADLINE_MS, async () =>
        signatoryIn(await readRequest(this.client, toWorkflowId(onboardingId), runId)),
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
    const state = pageStateOf(await readView(this.client, onboardingId, runId), Date.now());
    if (state.kind !== 'noWorker') this.unheard.delete(runId);
    else if (this.unheard.has(runId) || (await this.hasUnheardAcceptance(target))) return { kind: 'saved' };
    if (!givesWayToNewer(state)) return state;
    const newest = await readSummary(this.client, onboardingId);
    return newest.runId === runId ? state : { kind: 'replaced' };
  }

  /**
   * Whether an acceptance is stored that no worker has read yet. The end of the history tells, whichever process stored
   * it: signals that came after the last completed task are unheard. While a task is lost with its worker the server
   * holds signals back from the history, for ten seconds.
   */
  private async hasUnheardAcceptance({ onboardingId, runId }: LinkTarget): Promise<boolean> {
    const { history } = await this.client.withDeadline(Date.now() + READ_DEADLINE_MS, () =>
      this.client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: this.client.options.namespace,
        execution: { workflowId: toWorkflowId(onboardingId), runId },
        maximumPageSize: 50,
      }),
    );
    const events = history?.events ?? [];
    const heard = events.findIndex((event) => event.workflowTaskCompletedEventAttributes != null);
    return events
      .slice(0, heard === -1 ? undefined : heard)
      .some(
        ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === customerAcceptedSignal.name,
      );
  }
}

function signatoryIn({ attestation }: OnboardingRequest): Signatory | undefined {
  if (attestation === undefined) return undefined;
  const { signatoryFirstName: first, signatoryLastName: last, companyName, language } = attestation;
  // Where names are written in Chinese characters or Hangul, the family's name comes first.
  const isFamilyFirst = /[\p{Script=Han}\p{Script=Hangul}]/u.test(last);
  return { name: isFamilyFirst ? `${last} ${first}` : `${first} ${last}`, company: companyName, language };
}

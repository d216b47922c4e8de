/** Whether Temporal serves the gateway's namespace. */
import type { FastifyInstance } from 'fastify';
import type { OnboardingClient } from '../client/onboarding-client';
import type { Logger } from '../process/logging';
import { grpcCode, getGrpcFailure } from '../temporal/grpc-code';

const ANSWER_WITHIN_MS = 1_000;
const ASK_AGAIN_MS = 1_000;

/** Tells whether Temporal serves; that it does not, and that it does again, is logged once each, whoever asks. */
export class Readiness {
  private asking: Promise<boolean> | undefined;
  private again: NodeJS.Timeout | undefined;
  private isAway = false;
  private isClosed = false;

  constructor(
    private readonly onboardings: OnboardingClient,
    private readonly log: Logger,
  ) {}

  /** Asks as soon as `app` listens. While Temporal is away it is asked again, so that the log says when it is back. */
  watchFor(app: FastifyInstance): void {
    app.addHook('onListen', async () => void this.ask());
    app.addHook('preClose', async () => {
      this.isClosed = true;
      clearTimeout(this.again);
    });
  }

  /** Many who ask at the same time get one answer. */
  ask(): Promise<boolean> {
    return (this.asking ??= this.askTemporal().finally(() => (this.asking = undefined)));
  }

  private async askTemporal(): Promise<boolean> {
    const failure = await failureToServe(this.onboardings);
    if (!this.isClosed) this.note(failure);
    return failure === undefined;
  }

  private note(failure: unknown): void {
    const wasAway = this.isAway;
    this.isAway = failure !== undefined;
    const { namespace } = this.onboardings;
    if (this.isAway && !wasAway) {
      const reason = reasonOf(failure);
      this.log.warn({ namespace, reason }, 'Temporal does not serve: the gateway is not ready');
    }
    if (wasAway && !this.isAway) this.log.info({ namespace }, 'Temporal serves: the gateway is ready');
    clearTimeout(this.again);
    if (this.isAway) this.again = setTimeout(() => void this.ask(), ASK_AGAIN_MS).unref();
  }
}

/** @throws where Temporal itself says that it will not serve us: waiting does not mend that. */
export async function refuseDeniedAccess(onboardings: OnboardingClient): Promise<void> {
  const code = getGrpcFailure(await failureToServe(onboardings))?.code;
  if (code !== grpcCode.unauthenticated && code !== grpcCode.permissionDenied) return;
  throw new Error(
    `Temporal denies access to namespace ${onboardings.namespace}: check TEMPORAL_API_KEY or TEMPORAL_TLS_*, and that they belong to TEMPORAL_NAMESPACE.`,
  );
}

function reasonOf(failure: unknown): string {
  const { code, details = String(failure) } = getGrpcFailure(failure) ?? {};
  // The SDK repeats a call that finds nobody until its deadline, and the last failure is told, not the first.
  return code === grpcCode.deadlineExceeded ? `no answer within ${ANSWER_WITHIN_MS} ms` : details;
}

async function failureToServe(onboardings: OnboardingClient): Promise<unknown> {
  return onboardings
    .withDeadline(ANSWER_WITHIN_MS, () => onboardings.checkNamespace())
    .then(
      () => undefined,
      (error: unknown) => error,
    );
}

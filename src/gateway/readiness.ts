/** Whether Temporal is reachable and serves the gateway's namespace. */
import type { FastifyInstance } from 'fastify';
import type { OnboardingClient } from '../client/onboarding-client';
import type { Logger } from '../process/logging';
import { getGrpcFailure, grpcCode } from '../temporal/grpc-code';

const ANSWER_WITHIN_MS = 1_000;
const CHECK_AGAIN_MS = 1_000;

/** Checks whether Temporal is available, and logs once when it becomes unavailable and once when it is back. */
export class Readiness {
  private checking: Promise<boolean> | undefined;
  private nextCheck: NodeJS.Timeout | undefined;
  private isUnavailable = false;
  private isClosed = false;

  constructor(
    private readonly onboardings: OnboardingClient,
    private readonly log: Logger,
  ) {}

  /** Checks as soon as `app` listens. While Temporal is unavailable it checks again, so that the log says when it is back. */
  watch(app: FastifyInstance): void {
    app.addHook('onListen', async () => void this.check());
    app.addHook('preClose', async () => {
      this.isClosed = true;
      clearTimeout(this.nextCheck);
    });
  }

  /** Concurrent callers share one check. */
  check(): Promise<boolean> {
    return (this.checking ??= this.askTemporal().finally(() => (this.checking = undefined)));
  }

  private async askTemporal(): Promise<boolean> {
    const failure = await findFailure(this.onboardings);
    if (!this.isClosed) this.noteChange(failure);
    return failure === undefined;
  }

  private noteChange(failure: unknown): void {
    const wasUnavailable = this.isUnavailable;
    this.isUnavailable = failure !== undefined;
    const { namespace } = this.onboardings;
    if (this.isUnavailable && !wasUnavailable) {
      this.log.warn({ namespace, reason: toReason(failure) }, 'Temporal is unavailable: the gateway is not ready');
    }
    if (wasUnavailable && !this.isUnavailable)
      this.log.info({ namespace }, 'Temporal is available: the gateway is ready');
    clearTimeout(this.nextCheck);
    if (this.isUnavailable) this.nextCheck = setTimeout(() => void this.check(), CHECK_AGAIN_MS).unref();
  }
}

/** @throws Error if Temporal denies access: waiting does not fix that. */
export async function refuseDeniedAccess(onboardings: OnboardingClient): Promise<void> {
  const code = getGrpcFailure(await findFailure(onboardings))?.code;
  if (code !== grpcCode.unauthenticated && code !== grpcCode.permissionDenied) return;
  throw new Error(
    `Temporal denies access to namespace ${onboardings.namespace}: check TEMPORAL_API_KEY or TEMPORAL_TLS_*, and that they belong to TEMPORAL_NAMESPACE.`,
  );
}

function toReason(failure: unknown): string {
  const { code, details = String(failure) } = getGrpcFailure(failure) ?? {};
  // The SDK retries a call that cannot connect until its deadline, and reports the last failure, not the first.
  return code === grpcCode.deadlineExceeded ? `no answer within ${ANSWER_WITHIN_MS} ms` : details;
}

/** The error of a call to Temporal; undefined if it is available. */
function findFailure(onboardings: OnboardingClient): Promise<unknown> {
  return onboardings
    .withDeadline(ANSWER_WITHIN_MS, () => onboardings.checkNamespace())
    .catch((error: unknown) => error);
}

import { WorkflowNotFoundError } from '@temporalio/client';
import { TemporalUnreachableError } from '../temporal/connection';
import { grpcCode, getGrpcFailure } from '../temporal/grpc-code';
import { parseWorkflowId } from '../onboarding/ids';
import { ProblemError } from './problem';

const RETRY_AFTER_SECONDS = '5';

const RESOURCE_EXHAUSTED = 8; // Temporal's own rate limits
const CANCELLED = 1; // the connection was closed under the call

/** Any error as the problem that the caller is told; what is nobody's business becomes `internal`. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof WorkflowNotFoundError) return onboardingNotFound(parseWorkflowId(error.workflowId));
  return problemOfCall(error) ?? problemOfFramework(error) ?? internal();
}

export function onboardingNotFound(id: string): ProblemError {
  return new ProblemError(
    'onboarding-not-found',
    `There is no onboarding ${id}: it was never started, or ended longer ago than it is kept.`,
  );
}

export function temporalUnavailable(): ProblemError {
  const detail = 'Temporal did not answer in time. Try again: the same request never does its work twice.';
  return new ProblemError('temporal-unavailable', detail, {}, { 'retry-after': RETRY_AFTER_SECONDS });
}

export function noWorker(detail: string): ProblemError {
  return new ProblemError('no-worker', detail, {}, { 'retry-after': RETRY_AFTER_SECONDS });
}

export function frameNotReady(id: string): ProblemError {
  const detail = `The window of ${id} had run out, and a new one was not made in time. Ask again: it may be there.`;
  return new ProblemError('frame-not-ready', detail, {}, { 'retry-after': RETRY_AFTER_SECONDS });
}

function problemOfCall(error: unknown): ProblemError | undefined {
  const code = getGrpcFailure(error)?.code;
  const isPassing =
    error instanceof TemporalUnreachableError ||
    code === grpcCode.unavailable ||
    code === grpcCode.deadlineExceeded ||
    code === RESOURCE_EXHAUSTED ||
    code === CANCELLED;
  return isPassing ? temporalUnavailable() : undefined;
}

function problemOfFramework(error: unknown): ProblemError | undefined {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ProblemError('unsupported-media-type', 'Send the body as application/json.');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ProblemError('body-too-large', 'Send at most 64 kB.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ProblemError('malformed-http', 'The length of the body is not its Content-Length.');
    case 'FST_ERR_BAD_URL':
      return new ProblemError('malformed-http', 'The path is not a valid URL.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new ProblemError('malformed-json', 'Send one JSON document in UTF-8.');
    default: {
      const isOfFramework = typeof code === 'string' && code.startsWith('FST_ERR_');
      const isOfCaller = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
      if (!isOfFramework || !isOfCaller) return undefined;
      return new ProblemError('malformed-http', 'Method, headers and body do not fit together.');
    }
  }
}

function internal(): ProblemError {
  return new ProblemError('internal', 'The log of the gateway says more, under this correlation id.');
}

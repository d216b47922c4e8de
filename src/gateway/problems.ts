/** Error answers: RFC 9457, `application/problem+json`. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseWorkflowId } from '../onboarding/ids';
import { TemporalUnreachableError } from '../temporal/connection';
import { getGrpcFailure, grpcCode } from '../temporal/grpc-code';

/** The last part of each `type` URI with its status and title. Callers branch on them: add, never rename. */
export const problemKinds = {
  'invalid-request': [400, 'The request is not valid.'],
  'malformed-json': [400, 'The body is not valid JSON.'],
  'malformed-http': [400, 'The request is not valid HTTP.'],
  unauthenticated: [401, 'A valid API key is needed.'],
  'other-reseller': [403, 'The API key belongs to another reseller.'],
  'not-found': [404, 'There is no such resource.'],
  'onboarding-not-found': [404, 'There is no such onboarding.'],
  'method-not-allowed': [405, 'The resource does not have this method.'],
  'request-timeout': [408, 'The request did not arrive in time.'],
  'known-with-other-content': [409, 'The deal already exists with different content.'],
  'still-open': [409, 'The onboarding has not ended.'],
  'agreement-exists': [409, 'The customer already has the agreement.'],
  'not-open': [409, 'The onboarding has ended.'],
  refused: [409, 'The onboarding does not allow this in its current status.'],
  'nothing-to-accept': [409, 'The customer has nothing to accept.'],
  'needs-no-attention': [409, 'The onboarding does not need attention.'],
  'body-too-large': [413, 'The body is too large.'],
  'unsupported-media-type': [415, 'The body must be JSON.'],
  'too-many-requests': [429, 'Too many requests.'],
  'headers-too-large': [431, 'The headers are too large.'],
  internal: [500, 'Something went wrong on our side.'],
  'temporal-unavailable': [503, 'Temporal is unavailable.'],
  'no-worker': [503, 'No worker answered.'],
  'frame-not-ready': [503, 'Microsoft’s page is not ready yet.'],
} as const satisfies Record<string, readonly [status: number, title: string]>;
export type ProblemKind = keyof typeof problemKinds;

const RETRY_AFTER_SECONDS = '5'; // sent with every 503
const PROBLEM_TYPE_PREFIX = 'urn:agreement-onboarding:problem:';
/** Every answer carries it; callers may send their own. */
export const CORRELATION_HEADER = 'x-correlation-id';
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

const problemSchema = z
  .object({
    type: z.string().meta({
      description: `${PROBLEM_TYPE_PREFIX} and one of: ${Object.keys(problemKinds).join(', ')}. Values may be added.`,
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z
          .object({
            pointer: z.string().meta({ description: 'JSON pointer into the body.' }).optional(),
            parameter: z.string().meta({ description: 'Name of a query parameter.' }).optional(),
            detail: z.string(),
          })
          .meta({ id: 'FieldError' }),
      )
      .optional(),
    differing: z.array(z.string()).optional(), // paths of the members that differ from the known request
    onboardingStatus: z.string().optional(),
    reason: z.string().meta({ description: 'Why the onboarding refused, for example TooLate.' }).optional(),
    correlationId: z.string(),
  })
  .meta({ id: 'Problem' });

/** What is wrong with one member of the body (an RFC 6901 pointer, empty for the whole), or one query parameter. */
export type FieldError = NonNullable<ProblemExtensions['errors']>[number];

/** Members in addition to those of the standard. */
type ProblemExtensions = Pick<z.infer<typeof problemSchema>, 'errors' | 'differing' | 'onboardingStatus' | 'reason'>;

/** Ends a request with a problem. It is sent as it is, so it never holds a secret or a person's data. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly headers: Readonly<Record<string, string>>;
  /** Not read-only: fastify sets it again on what a validator returns. */
  statusCode: number;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly extensions: ProblemExtensions = {},
    headers: Record<string, string> = {},
  ) {
    super(`${kind}: ${detail}`);
    this.statusCode = problemKinds[kind][0];
    this.headers = this.statusCode === 503 ? { 'retry-after': RETRY_AFTER_SECONDS, ...headers } : headers;
  }
}

export function toProblemBody({ kind, detail, extensions }: ProblemError, correlationId: string): object {
  const [status, title] = problemKinds[kind];
  return { type: `${PROBLEM_TYPE_PREFIX}${kind}`, title, status, detail, ...extensions, correlationId };
}

export function sendProblem(reply: FastifyReply, problem: ProblemError, correlationId: string): void {
  void reply.code(problem.statusCode).headers({ ...problem.headers, [CORRELATION_HEADER]: correlationId });
  // As bytes: fastify adds a charset to a text, which this media type does not have.
  void reply.type(PROBLEM_MEDIA_TYPE).send(Buffer.from(JSON.stringify(toProblemBody(problem, correlationId))));
}

export function invalidRequest(errors: FieldError[]): ProblemError {
  const count = errors.length === 1 ? 'One error' : `${errors.length} errors`;
  return new ProblemError('invalid-request', `${count}; nothing was done.`, { errors });
}

export function onboardingNotFound(id: string): ProblemError {
  return new ProblemError(
    'onboarding-not-found',
    `There is no onboarding ${id}: it was never started, or it ended longer ago than the namespace’s retention period.`,
  );
}

export function temporalUnavailable(): ProblemError {
  const detail = 'Temporal did not answer in time. Try again: it is safe to repeat the same request.';
  return new ProblemError('temporal-unavailable', detail);
}

export function notOpen(id: string, onboardingStatus: string): ProblemError {
  return new ProblemError('not-open', `Onboarding ${id} has ended: ${onboardingStatus}.`, { onboardingStatus });
}

/** Any error as the problem that the caller gets; an unexpected one becomes `internal`, which reveals nothing. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof WorkflowNotFoundError) return onboardingNotFound(parseWorkflowId(error.workflowId));
  if (isTemporalUnavailable(error)) return temporalUnavailable();
  return toFrameworkProblem(error) ?? new ProblemError('internal', 'See the gateway’s log under this correlation id.');
}

function isTemporalUnavailable(error: unknown): boolean {
  if (error instanceof TemporalUnreachableError) return true;
  const { unavailable, deadlineExceeded, resourceExhausted, cancelled } = grpcCode;
  const code: number | undefined = getGrpcFailure(error)?.code;
  return [unavailable, deadlineExceeded, resourceExhausted, cancelled].some((each) => each === code);
}

/** What fastify itself refuses, by its error code. */
const frameworkProblems: Record<string, [kind: ProblemKind, detail: string]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send the body as application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'Send at most 64 kB.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-http', 'The length of the body is not its Content-Length.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-json', 'Send one JSON document in UTF-8.'],
  FST_ERR_BAD_URL: ['malformed-http', 'The path is not a valid URL.'],
};

function toFrameworkProblem(error: unknown): ProblemError | undefined {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code !== 'string' || !code.startsWith('FST_ERR_')) return undefined;
  const known = frameworkProblems[code];
  if (known !== undefined) return new ProblemError(...known);
  const isCallers = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return isCallers ? new ProblemError('malformed-http', 'The method, headers and body are inconsistent.') : undefined;
}

/** The documented problems of a route, by status. */
export function buildProblemAnswers(...kinds: ProblemKind[]) {
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of kinds) {
    const [statusCode] = problemKinds[kind];
    byStatus.set(statusCode, [...(byStatus.get(statusCode) ?? []), kind]);
  }
  return Object.fromEntries(
    [...byStatus].map(([statusCode, named]) => [
      statusCode,
      {
        description: named.map((kind) => `${kind}: ${problemKinds[kind][1]}`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}

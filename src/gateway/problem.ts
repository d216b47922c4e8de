/** Answers that say what is wrong: RFC 9457, `application/problem+json`. */

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
  'known-with-other-content': [409, 'The deal is already known with other content.'],
  'still-open': [409, 'The onboarding has not ended.'],
  'agreement-exists': [409, 'The customer has the agreement.'],
  'not-open': [409, 'The onboarding has ended.'],
  refused: [409, 'The onboarding refuses that where it stands.'],
  'nothing-to-accept': [409, 'The customer has nothing to accept.'],
  'needs-no-attention': [409, 'The onboarding does not wait for a human.'],
  'body-too-large': [413, 'The body is too large.'],
  'unsupported-media-type': [415, 'The body must be JSON.'],
  'too-many-requests': [429, 'There are too many requests.'],
  'headers-too-large': [431, 'The headers are too large.'],
  internal: [500, 'Something went wrong on our side.'],
  'temporal-unavailable': [503, 'Temporal does not answer.'],
  'no-worker': [503, 'No worker answers.'],
  'frame-not-ready': [503, 'The window is not open yet.'],
} as const satisfies Record<string, readonly [status: number, title: string]>;
export type ProblemKind = keyof typeof problemKinds;

export const PROBLEM_TYPE_PREFIX = 'urn:agreement-onboarding:problem:';
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What is wrong with one member of the body, or with one parameter of the query. */
export interface FieldError {
  /** JSON pointer (RFC 6901) into the body; empty for the whole. */
  pointer?: string;
  /** Name of a parameter of the query. */
  parameter?: string;
  detail: string;
}

/** Members beside those of the standard. */
export interface ProblemExtensions {
  errors?: FieldError[];
  /** Paths of the members that differ from the request as it is known. */
  differing?: string[];
  /** Where the onboarding stands. */
  onboardingStatus?: string;
  /** The run's own word for its refusal. */
  reason?: string;
}

/** Ends a request with a problem; never holds a secret or a person's data, for it is answered as it is. */
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
    this.headers = headers;
    this.statusCode = problemKinds[kind][0];
  }
}

export function problemBody({ kind, detail, extensions }: ProblemError, correlationId: string): object {
  const [status, title] = problemKinds[kind];
  return { type: `${PROBLEM_TYPE_PREFIX}${kind}`, title, status, detail, ...extensions, correlationId };
}

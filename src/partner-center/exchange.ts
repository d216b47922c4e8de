import { randomBytes } from 'node:crypto';
import type { Credentials } from './entra';
import { collectSentValues, errorFromAnswer, errorFromNoAnswer } from './error-from-answer';
import type { Operation } from './errors';
import { NoAnswer, readBody, type HttpAnswer, type HttpClient } from './http';
import type { AccessToken, TokenSource } from './tokens';

const MAX_BODY_BYTES = 1_048_576;

export interface PartnerCenterSettings {
  /** For example `https://api.partnercenter.microsoft.com`, with or without a trailing slash. */
  baseUrl: string;
  /** For example `v1`. */
  apiVersion: string;
  /** For one HTTP call, from connecting to the last byte. */
  timeoutMs: number;
  credentials: Credentials;
}

export interface CallOptions {
  /** `MS-RequestId`, the idempotency key: the same again after an unknown answer, a new one after a refusal. */
  requestId: string;
  /** `MS-CorrelationId`: what Microsoft's support asks for. */
  correlationId: string;
  signal?: AbortSignal;
}

interface OperationRequest {
  operation: Operation;
  method: 'GET' | 'POST';
  /** Below `{baseUrl}/{apiVersion}/`, each segment encoded. */
  path: string;
  headers?: Record<string, string>;
  body?: object;
  /** Default: 1 MiB. */
  maxBodyBytes?: number;
}

/**
 * One authorised exchange, never repeated, with one exception: after a 401 the token is replaced and the request sent
 * once more with the same `MS-RequestId`, because a token can be revoked before it expires.
 * @throws PartnerCenterError for all but 200 and 201, TokenError
 */
export function createExchange(settings: PartnerCenterSettings, http: HttpClient, tokens: TokenSource) {
  const root = `${settings.baseUrl.replace(/\/+$/, '')}/${settings.apiVersion}`;

  return async (request: OperationRequest, call: CallOptions) => {
    const body = request.body && JSON.stringify(request.body);

    function send(token: AccessToken): Promise<HttpAnswer> {
      return http.send({
        method: request.method,
        url: `${root}/${request.path}`,
        headers: {
          ...request.headers,
          Authorization: `Bearer ${token.value}`,
          Accept: 'application/json',
          'MS-RequestId': call.requestId,
          'MS-CorrelationId': call.correlationId,
          'MS-CV': newCorrelationVector(),
          'MS-PartnerCenter-Application': 'agreement-onboarding',
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        body,
        timeoutMs: settings.timeoutMs,
        maxBodyBytes: request.maxBodyBytes ?? MAX_BODY_BYTES,
        signal: call.signal,
      });
    }

    let token: AccessToken;
    let answer: HttpAnswer;
    try {
      token = await unlessAborted(tokens.current(), call.signal);
      answer = await send(token);
      if (answer.status === 401) {
        token = await unlessAborted(tokens.replace(token), call.signal);
        answer = await send(token);
      }
    } catch (error) {
      throw error instanceof NoAnswer ? errorFromNoAnswer(error, { ...call, operation: request.operation }) : error;
    }

    const context = { ...call, operation: request.operation, sent: collectSentValues(request.body, token.value) };
    if (answer.status !== 200 && answer.status !== 201) throw errorFromAnswer(answer, context);
    return {
      /** Not yet checked; undefined if the body is not JSON. */
      json: readBody(answer.bodyText).json,
      /** The error of a success that cannot be used; `finding` says why. */
      unusable: (finding?: string) => errorFromAnswer(answer, context, finding),
    };
  };
}

/** Rejects with NoAnswer when `signal` aborts; the shared promise continues for its other callers. */
function unlessAborted<T>(shared: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new NoAnswer('aborted', false));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * A new value for `MS-CV`: 128 random bits in base64 without padding, and the first element `.0`.
 * Source: microsoft/CorrelationVector, version 2.
 */
function newCorrelationVector(): string {
  return `${randomBytes(16).toString('base64').slice(0, 22)}.0`;
}

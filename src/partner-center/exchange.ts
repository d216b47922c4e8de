import { echoedIds, errorFromAnswer, errorFromNoAnswer, type CallContext } from './answer';
import type { CallOptions, PartnerCenterSettings } from './contract';
import { newCorrelationVector } from './correlation-vector';
import type { Operation, PartnerCenterError } from './errors';
import { NoAnswer, type HttpAnswer, type HttpClient } from './http';
import { sentValues } from './sent-values';
import type { AccessToken, TokenSource } from './tokens';

export interface OperationRequest {
  operation: Operation;
  method: 'GET' | 'POST';
  /** Below `{baseUrl}/{apiVersion}/`, each segment encoded. */
  path: string;
  headers?: Record<string, string>;
  body?: object;
  maxBodyBytes: number;
}

/** An answer with status 200 or 201, whose body is still to be read. */
export interface Success {
  bodyText: string;
  requestId: string;
  correlationId: string;
  /** The error of a success that cannot be used, with our own sentence why. */
  unusable(finding?: string): PartnerCenterError;
}

export type Exchange = (request: OperationRequest, call: CallOptions) => Promise<Success>;

/**
 * One authorised exchange, never repeated, with one exception: after a 401 the token is replaced and the request sent
 * once more under the same `MS-RequestId`, for a token can be revoked before its end.
 * Throws PartnerCenterError for all but 200 and 201, and TokenError.
 */
export function createExchange(settings: PartnerCenterSettings, http: HttpClient, tokens: TokenSource): Exchange {
  const root = `${settings.baseUrl.replace(/\/+$/, '')}/${settings.apiVersion}`;

  return async (request, call) => {
    const body = request.body && JSON.stringify(request.body);

    function contextOf(token?: AccessToken): CallContext {
      const { requestId, correlationId } = call;
      return { operation: request.operation, requestId, correlationId, sent: sentValues(request.body, token?.value) };
    }

    async function send(token: AccessToken): Promise<HttpAnswer> {
      try {
        return await http.send({
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
          ...(body !== undefined && { body }),
          timeoutMs: settings.timeoutMs,
          maxBodyBytes: request.maxBodyBytes,
          ...(call.signal && { signal: call.signal }),
        });
      } catch (error) {
        throw error instanceof NoAnswer ? errorFromNoAnswer(error, contextOf(token)) : error;
      }
    }

    function tokenOrAbort(token: Promise<AccessToken>): Promise<AccessToken> {
      return unlessAborted(token, call.signal, () => errorFromNoAnswer(new NoAnswer('aborted', false), contextOf()));
    }

    let token = await tokenOrAbort(tokens.current());
    let answer = await send(token);
    if (answer.status === 401) {
      token = await tokenOrAbort(tokens.replace(token));
      answer = await send(token);
    }

    const { status, headers, bodyText } = answer;
    const context = contextOf(token);
    if (status !== 200 && status !== 201) throw errorFromAnswer(status, headers, bodyText, context);
    return {
      bodyText,
      ...echoedIds(headers, context),
      unusable: (finding) => errorFromAnswer(status, headers, bodyText, context, finding),
    };
  };
}

/** Lets one caller leave at once while the shared promise goes on for the others. */
function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined, abortion: () => Error): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const leave = () => reject(abortion());
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

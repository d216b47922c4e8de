import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { create, isAxiosError, type AxiosError } from 'axios';

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** From connecting to the last byte. */
  timeoutMs: number;
  /** Reading a longer body (after decompression) fails. */
  maxBodyBytes: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** By lower-case name, without headers that came several times, such as `set-cookie`. */
  headers: Record<string, string>;
  /** Without a byte order mark. */
  bodyText: string;
}

export type NoAnswerReason = 'aborted' | 'timedOut' | 'bodyTooLong' | 'cutShort' | 'disconnected';

/** No whole answer came. Has no cause, because axios attaches the token and the body to its errors. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(
    readonly reason: NoAnswerReason,
    /** False only if no byte of the request can have reached the server. */
    readonly mayHaveBeenSent: boolean,
    readonly networkCode?: string,
  ) {
    super(networkCode === undefined ? reason : `${reason}: ${networkCode}`);
  }
}

export interface HttpClient {
  /** One exchange: any status is an answer, no redirect is followed, nothing is retried. @throws NoAnswer */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes all sockets, idle or not. */
  close(): void;
}

/** An HTTP client whose connections stay open between calls. It ignores proxy variables of the environment. */
export function createHttpClient(): HttpClient {
  // We close idle sockets before front ends do: a POST on a socket that is closing has an unknown outcome.
  const keepAlive = { keepAlive: true, timeout: 30_000 };
  const httpAgent = new HttpAgent(keepAlive);
  const httpsAgent = new HttpsAgent(keepAlive);
  const client = create({
    adapter: 'http',
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    transformRequest: [],
    transformResponse: [],
    validateStatus: () => true,
  });

  async function send({ body, timeoutMs, maxBodyBytes, signal, ...request }: HttpRequest): Promise<HttpAnswer> {
    if (signal?.aborted) throw new NoAnswer('aborted', false);
    // axios' own time-out starts again with every byte, so a slow body would never reach it.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const answer = await client.request<string>({
        ...request,
        data: body,
        maxContentLength: maxBodyBytes,
        signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
      });
      return { status: answer.status, headers: getSingleHeaders(answer.headers), bodyText: answer.data };
    } catch (error) {
      if (signal?.aborted) throw new NoAnswer('aborted', true);
      if (deadline.signal.aborted) throw new NoAnswer('timedOut', true);
      throw toNoAnswer(error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send,
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function toNoAnswer(error: unknown): NoAnswer {
  if (!isAxiosError(error)) return new NoAnswer('disconnected', true);
  if (error.code === 'ERR_BAD_RESPONSE') {
    // axios gives this code to a body over the limit and to one cut short; only the latter comes with its response.
    return new NoAnswer(error.response ? 'cutShort' : 'bodyTooLong', true);
  }
  const networkCode = error.code !== undefined && /^[A-Z][A-Z0-9_]{2,39}$/.test(error.code) ? error.code : undefined;
  return new NoAnswer('disconnected', !failedBeforeSending(error), networkCode);
}

/** Look-up, connection and certificate fail before the first byte of a request; a reset can happen at any time. */
function failedBeforeSending({ code = '', cause }: AxiosError): boolean {
  if (cause && 'syscall' in cause && cause.syscall === 'connect') return true;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_|ERR_TLS_CERT_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code);
}

function getSingleHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

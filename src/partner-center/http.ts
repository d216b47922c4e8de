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
  /** A longer body is given up on, after decompression. */
  maxBodyBytes: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** By lower-case name; a header sent several times is left out, `set-cookie` for one. */
  headers: Record<string, string>;
  /** Without a byte order mark. */
  bodyText: string;
}

export type NoAnswerReason = 'aborted' | 'timedOut' | 'bodyTooLong' | 'cutShort' | 'disconnected';

/** No whole answer came. Made anew rather than wrapped: axios hangs the token and the body on its errors. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(
    readonly reason: NoAnswerReason,
    /** False only where no byte of the request can have reached the server. */
    readonly mayHaveBeenSent: boolean,
    readonly networkCode?: string,
  ) {
    super(networkCode === undefined ? reason : `${reason}: ${networkCode}`);
  }
}

export interface HttpClient {
  /** One exchange; any status is an answer, no redirect is followed, nothing is retried. Throws NoAnswer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends all sockets, idle or not. */
  close(): void;
}

/** An HTTP client whose connections stay open between calls. It ignores proxy variables of the environment. */
export function createHttpClient(): HttpClient {
  // An idle socket is closed by us before front ends do it: a POST that meets a closing socket has an unknown outcome.
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
    // axios' own time-out starts again with every byte, so a dripping body would never meet it.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const answer = await client.request<string>({
        ...request,
        ...(body === undefined ? {} : { data: body }),
        maxContentLength: maxBodyBytes,
        signal: signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal,
      });
      return { status: answer.status, headers: singleHeaders(answer.headers), bodyText: answer.data };
    } catch (error) {
      if (signal?.aborted) throw new NoAnswer('aborted', true);
      if (deadline.signal.aborted) throw new NoAnswer('timedOut', true);
      throw noAnswerFrom(error);
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

function noAnswerFrom(error: unknown): NoAnswer {
  if (!isAxiosError(error)) return new NoAnswer('disconnected', true);
  if (error.code === 'ERR_BAD_RESPONSE') {
    // axios gives this code to a body over the limit and to one cut short; only the latter comes with its response.
    return new NoAnswer(error.response ? 'cutShort' : 'bodyTooLong', true);
  }
  const networkCode = error.code !== undefined && /^[A-Z][A-Z0-9_]{2,39}$/.test(error.code) ? error.code : undefined;
  return new NoAnswer('disconnected', !failedBeforeSending(error), networkCode);
}

/** Name, connection and certificate come before the first byte of a request; a reset may come at any time. */
function failedBeforeSending({ code = '', cause }: AxiosError): boolean {
  if (cause && 'syscall' in cause && cause.syscall === 'connect') return true;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_|ERR_TLS_CERT_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code);
}

function singleHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

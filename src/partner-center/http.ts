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
  /** By lower-case name, without headers that occur more than once, such as `set-cookie`. */
  headers: Record<string, string>;
  /** Without a byte order mark. */
  bodyText: string;
}

export type NoAnswerReason = 'aborted' | 'timedOut' | 'bodyTooLong' | 'cutShort' | 'disconnected';

/** No complete answer arrived. Has no cause, because axios attaches the token and the body to its errors. */
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

export type HttpClient = ReturnType<typeof createHttpClient>;

/** An HTTP client whose connections stay open between calls. It ignores proxy variables of the environment. */
export function createHttpClient() {
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

  /** One exchange: any status is an answer, no redirect is followed, nothing is retried. @throws NoAnswer */
  async function send({ body, timeoutMs, maxBodyBytes, signal, ...request }: HttpRequest): Promise<HttpAnswer> {
    if (signal?.aborted) throw new NoAnswer('aborted', false);
    // axios' own timeout restarts with every byte, so a slow body would never reach it.
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
    /** Closes all sockets, idle or not. */
    close(): void {
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

/** DNS, connection and certificate errors occur before the first byte of a request; a reset can occur at any time. */
function failedBeforeSending({ code = '', cause }: AxiosError): boolean {
  if (cause && 'syscall' in cause && cause.syscall === 'connect') return true;
  return /^(ECONNREFUSED|ENOTFOUND|EAI_|ERR_TLS_CERT_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code);
}

function getSingleHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * What a body turned out to be, whatever its content type claimed. A `page` is HTML or XML of a front end or proxy: the
 * service itself has not answered. `broken` is JSON cut short or garbled, `text` a plain sentence, which is
 * how Partner Center refuses a retired template.
 */
export interface Body {
  shape: 'empty' | 'json' | 'page' | 'broken' | 'text';
  json?: unknown;
}

/** Reads a body by its first character rather than by its content type, which front ends get wrong. Never throws. */
export function readBody(text: string): Body {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { shape: 'empty' };
  if (trimmed.startsWith('<')) return { shape: 'page' };
  try {
    return { shape: 'json', json: JSON.parse(trimmed) as unknown };
  } catch {
    return { shape: /^[{["]/.test(trimmed) ? 'broken' : 'text' };
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 3_600_000;

/**
 * Reads a `Retry-After` header: seconds (decimals too) or an HTTP date measured against `nowMs`. The wait is in ms,
 * between 1 s and 1 h, so that neither a wrong clock nor a typo stops the caller; undefined for anything else.
 * Source: RFC 9110, 10.2.3.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return clampWait(Number(text) * 1000);
  // Date.parse alone would take '1-2' and '2026' for dates; every form of HTTP date starts with the day's name.
  if (!/^(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?[, ]/i.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : clampWait(atMs - nowMs);
}

function clampWait(waitMs: number): number {
  return Math.min(Math.max(Math.round(waitMs), MIN_WAIT_MS), MAX_WAIT_MS);
}

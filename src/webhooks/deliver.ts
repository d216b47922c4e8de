import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { type CallbackRefusal, type CallbackSettings, checkCallbackUrl } from './callback-url';
import { PrivateAddressError, publicLookup, type Resolve } from './public-address';

interface Message {
  /** The same for every attempt, so that a receiver can recognise a repetition. */
  webhookId: string;
  callbackUrl: string;
  /** JSON, sent and signed byte for byte. */
  body: string;
}

/** `gone`: the receiver wants no more events. `refused`: nothing was sent. A retry may help with the others. */
export type DeliveryOutcome =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'gone' }
  | { outcome: 'failed'; status: number; retryAfter?: string }
  | { outcome: 'unanswered'; reason: string }
  | { outcome: 'refused'; refusal: CallbackRefusal };

export type Deliver = (message: Message) => Promise<DeliveryOutcome>;

export interface DeliverOptions {
  timeoutMs?: number;
  resolve?: Resolve;
  now?: () => Date;
}

const TIMEOUT_MS = 10_000; // enough for a receiver that does its work before it answers

/**
 * Delivers events to the CRM: each call is one signed POST, to allowed hosts only. What a receiver does is an outcome,
 * never an error, and an outcome repeats no URL, body or secret. @throws Error for a secret that cannot sign.
 */
export function createDeliver(settings: CallbackSettings, options: DeliverOptions = {}): Deliver {
  const { timeoutMs = TIMEOUT_MS, resolve, now = () => new Date() } = options;
  const sign = createSigner(settings.secrets);
  const lookup = settings.allowPrivate ? undefined : publicLookup(resolve);

  return async ({ webhookId, callbackUrl, body }) => {
    const refusal = checkCallbackUrl(callbackUrl, settings);
    if (refusal !== undefined) return { outcome: 'refused', refusal };
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'agreement-onboarding',
      ...sign(webhookId, now(), body),
    };
    try {
      return await post({ url: callbackUrl, headers, body, timeoutMs, lookup });
    } catch (error) {
      if (error instanceof PrivateAddressError) return { outcome: 'refused', refusal: 'privateAddress' };
      return { outcome: 'unanswered', reason: getReason(error) };
    }
  };
}

/**
 * Signs as Standard Webhooks specifies: HMAC-SHA256 over `id.timestamp.body`, one signature per secret, so that a receiver which
 * knows any one of them can verify. @throws Error for a secret that is not base64 after `whsec_`.
 */
export function createSigner(secrets: readonly string[]) {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (webhookId: string, at: Date, body: string) => ({
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhooks.map((webhook) => webhook.sign(webhookId, at, body)).join(' '),
  });
}

interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** From the DNS lookup to the last header of the answer. */
  timeoutMs: number;
  /** Resolves the name of the host; default: the system's resolver. */
  lookup?: LookupFunction;
}

/**
 * One POST on a connection of its own, and what the receiver answers. No redirect is followed, no proxy is used, and the
 * connection is closed once the headers are read, so that a long or endless body costs nothing.
 * @throws a DOMException named `TimeoutError`, or Node's error of the connection.
 */
export async function post({ url, headers, body, timeoutMs, lookup }: PostOptions) {
  const isHttps = new URL(url).protocol === 'https:';
  const [send, Agent] = isHttps ? [httpsRequest, HttpsAgent] : [httpRequest, HttpAgent];
  const agent = new Agent({ keepAlive: false }); // deliveries are rare, and a kept connection would outlive its check
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await new Promise<DeliveryOutcome>((resolve, reject) => {
      const request = send(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
        lookup,
        signal: deadline,
      });
      request.on('error', reject);
      request.on('response', ({ statusCode = 0, headers: answerHeaders }) => {
        resolve(toOutcome(statusCode, answerHeaders['retry-after']));
        request.destroy();
      });
      request.end(body);
    });
  } catch (error) {
    deadline.throwIfAborted();
    throw error;
  } finally {
    agent.destroy();
  }
}

function toOutcome(status: number, retryAfter: string | undefined): DeliveryOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'gone' };
  return { outcome: 'failed', status, retryAfter };
}

/** The code of Node or OpenSSL; a message would name addresses, and with some errors the URL. */
function getReason(error: unknown): string {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError') return 'timedOut';
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,59}$/.test(code) ? code : 'disconnected';
}

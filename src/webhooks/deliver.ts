import { Webhook } from 'standardwebhooks';
import { type CallbackRefusal, type CallbackSettings, checkCallbackUrl } from './callback-url';
import { post, type PostAnswer } from './post';
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
  /** Default: the system's resolver. */
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
      return toOutcome(await post({ url: callbackUrl, headers, body, timeoutMs, lookup }));
    } catch (error) {
      if (error instanceof PrivateAddressError) return { outcome: 'refused', refusal: 'privateAddress' };
      return { outcome: 'unanswered', reason: getReason(error) };
    }
  };
}

/**
 * Signs by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one signature per secret, so that a receiver which
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

function toOutcome({ status, retryAfter }: PostAnswer): DeliveryOutcome {
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

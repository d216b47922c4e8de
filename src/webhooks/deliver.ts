import { PrivateAddressError, publicLookup, type Resolve } from './addresses';
import { type CallbackRefusal, checkCallbackUrl } from './callback-url';
import { post, type PostAnswer, PostTimedOut } from './post';
import type { CrmSettings } from './settings';
import { signWith } from './signature';

export interface Message {
  /** The same for every try, so that a receiver can tell a repetition. */
  webhookId: string;
  callbackUrl: string;
  /** JSON, sent and signed byte for byte. */
  body: string;
}

/** `gone`: the receiver wants no more. `refused`: nothing was sent. Everything else may succeed another time. */
export type DeliveryOutcome =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'gone' }
  | { outcome: 'failed'; status: number; retryAfter?: string | undefined }
  | { outcome: 'unanswered'; reason: string }
  | { outcome: 'refused'; refusal: CallbackRefusal };

export type Deliver = (message: Message) => Promise<DeliveryOutcome>;

export interface DeliverOptions {
  timeoutMs?: number;
  /** Default: the system's resolver. */
  resolve?: Resolve;
  now?: () => Date;
}

const TIMEOUT_MS = 10_000; // a receiver that works before it answers is slow, one that takes longer is broken

/**
 * Delivers events to the CRM: one signed POST a call, to allowed hosts only; never throws for what a receiver does, and
 * its outcome repeats no URL, body or secret. @throws Error for a secret that cannot sign.
 */
export function createDeliver(settings: CrmSettings, options: DeliverOptions = {}): Deliver {
  const { timeoutMs = TIMEOUT_MS, resolve, now = () => new Date() } = options;
  const sign = signWith(settings.secrets);
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
      return outcomeOf(await post({ url: callbackUrl, headers, body, timeoutMs, lookup }));
    } catch (error) {
      if (error instanceof PrivateAddressError) return { outcome: 'refused', refusal: 'privateAddress' };
      return { outcome: 'unanswered', reason: reasonOf(error) };
    }
  };
}

function outcomeOf({ status, retryAfter }: PostAnswer): DeliveryOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'gone' };
  return { outcome: 'failed', status, ...(retryAfter !== undefined && { retryAfter }) };
}

/** The code of Node or OpenSSL; a message would name addresses, and with some errors the URL. */
function reasonOf(error: unknown): string {
  if (error instanceof PostTimedOut) return 'timedOut';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,59}$/.test(code) ? code : 'disconnected';
}

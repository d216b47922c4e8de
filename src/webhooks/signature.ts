import { Webhook } from 'standardwebhooks';

export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

export type Sign = (webhookId: string, at: Date, body: string) => SignedHeaders;

/**
 * Signs by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one signature per secret, so that a receiver which
 * knows any one of them can verify. @throws Error for a secret that is not base64 after `whsec_`.
 */
export function signWith(secrets: readonly string[]): Sign {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (webhookId, at, body) => ({
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhooks.map((webhook) => webhook.sign(webhookId, at, body)).join(' '),
  });
}

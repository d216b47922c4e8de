/** A receiver of events on this machine, and what is sent to it. */
import { randomBytes } from 'node:crypto';
import type { CallbackSettings } from '../../../src/webhooks/callback-url';
import { createDeliver, type DeliverOptions, type DeliveryOutcome } from '../../../src/webhooks/deliver';
import { startServer, type TestServer } from '../../support/http-server';

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** The body contains text that must appear only at the receiver. */
export const BODY = JSON.stringify({ type: 'onboarding.accepted', data: { metadata: { owner: 'a-private-owner' } } });

export function useReceiver(): () => TestServer {
  let receiver: TestServer;
  beforeEach(async () => {
    receiver = await startServer();
    receiver.answer((_request, response) => response.writeHead(204).end());
  });
  afterEach(() => receiver.close());
  return () => receiver;
}

/** Delivers one event to `url`, whose host is on the list unless the settings say otherwise. */
export function deliverTo(
  url: string,
  settings: Partial<CallbackSettings> = {},
  options: DeliverOptions = {},
): Promise<DeliveryOutcome> {
  const { hostname, port } = new URL(url);
  const allowed = { host: hostname.replace(/^\[|\]$/g, ''), ...(port !== '' && { port: Number(port) }) };
  const deliver = createDeliver(
    { allowedHosts: [allowed], secrets: [newSecret()], allowPrivate: true, ...settings },
    options,
  );
  return deliver({ webhookId: 'run-1', callbackUrl: url, body: BODY });
}

import type { AcceptanceLinks } from '../onboarding/acceptance-link';
import type { OnboardingClient } from '../client/onboarding-client';
import type { ApiKey } from '../config';
import type { CallbackSettings } from '../webhooks/callback-url';
import type { Logger } from '../process/logging';
import type { RequestMetrics } from './metrics';

/** What the gateway works with. */
export interface GatewayDependencies {
  onboardings: OnboardingClient;
  links: AcceptanceLinks;
  apiKeys: readonly ApiKey[];
  /** Microsoft's page, in whose window the customer accepts. */
  acceptanceUrl: string;
  /** Origins that may show the signatory's page in a frame; default: none. */
  frameAncestors?: string[];
  /** Where events may be sent; undefined: nowhere. */
  callbacks?: Pick<CallbackSettings, 'allowedHosts' | 'allowPrivate'> | undefined;
  allowPrimaryContactMethod?: boolean;
  /** Addresses or networks whose `X-Forwarded-For` is believed; default: none. */
  trustedProxies?: string[];
  limits?: Partial<RateLimits>;
  /** Where requests are counted instead of on `/metrics` of this app. */
  privateMetrics?: RequestMetrics | undefined;
  log: Logger;
}

/** How many calls one minute may bring. */
export interface RateLimits {
  perKey: number;
  /** Of calls without a valid key: the signatory's page, the API's description, and wrong keys. */
  perAddress: number;
}

export const DEFAULT_LIMITS: RateLimits = {
  perKey: 1_200,
  perAddress: 600, // a page asks every few seconds, and a whole office may share an address
};

import type { OnboardingClient } from '../client/onboarding-client';
import type { ApiKey } from '../config';
import type { AcceptanceLinks } from '../onboarding/acceptance-link';
import type { Logger } from '../process/logging';
import type { CallbackSettings } from '../webhooks/callback-url';
import type { RequestMetrics } from './metrics';
import type { RequestsPerMinute } from './rate-limits';

export interface GatewayDependencies {
  onboardings: OnboardingClient;
  links: AcceptanceLinks;
  apiKeys: readonly ApiKey[];
  /** Microsoft's page, in whose window the customer accepts. */
  microsoftPageUrl: string;
  /** Origins that may show the signatory's page in a frame; default: none. */
  frameAncestors?: string[];
  /** Where events may be sent; undefined: nowhere. */
  callbacks?: Pick<CallbackSettings, 'allowedHosts' | 'allowPrivate'>;
  allowPrimaryContactMethod?: boolean;
  /** Addresses or networks whose `X-Forwarded-For` is trusted; default: none. */
  trustedProxies?: string[];
  limits?: Partial<RequestsPerMinute>;
  /** If set, requests are counted here, and this app does not serve `/metrics`. */
  privateMetrics?: RequestMetrics;
  log: Logger;
}

/** Limits and defaults of a request's minutes. Free of zod, so that workflows can use them. */

export const DEFAULT_EXPIRATION_MINUTES = 60; // Partner Center's own default
export const MIN_EXPIRATION_MINUTES = 5;
export const MAX_EXPIRATION_MINUTES = 10_080; // seven days
export const MAX_LINK_MINUTES = 43_200; // thirty days
export const MAX_REMINDERS = 5;

interface Expiring {
  expirationInMinutes?: number;
}

/** How long one attestation is valid, in minutes. */
export function getExpirationMinutes({ expirationInMinutes }: Expiring): number {
  return expirationInMinutes ?? DEFAULT_EXPIRATION_MINUTES;
}

/** How long the customer's link is valid, in minutes from the first attestation. */
export function getLinkMinutes(request: { linkValidForMinutes?: number; attestation: Expiring }): number {
  return request.linkValidForMinutes ?? getExpirationMinutes(request.attestation);
}

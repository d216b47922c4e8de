/** What a caller asks for when a deal closes, as workflows see it: free of zod. The schema is in `request-schema.ts`. */
import { isRecord } from './acceptance';
import { MAX_EXPIRATION_MINUTES, MAX_LINK_MINUTES, MAX_REMINDERS, MIN_EXPIRATION_MINUTES } from './request-limits';
import type { OnboardingRequest, PrimaryContactRequest } from './request-schema';
import type { OnboardingStatus } from './status';

export type * from './request-schema';

/** Takes the place of a workflow's argument that cannot be decoded. */
export const UNREADABLE = Object.freeze({ unreadable: true } as const);

/** Whether the request uses the primary contact method: no attestation, the partner confirms the acceptance itself. */
export function usesPrimaryContact(request: OnboardingRequest): request is PrimaryContactRequest {
  return request.attestation === undefined;
}

export function getFirstStatus(request: OnboardingRequest): OnboardingStatus {
  return usesPrimaryContact(request) ? 'creatingAgreement' : 'creatingAttestation';
}

/**
 * Why a workflow cannot run with this argument, in one sentence that names the member; undefined when it can. Gateway
 * and CLI check every field; this checks only what the workflow computes with, for runs started without them.
 */
export function findRequestFault(request: unknown): string | undefined {
  if (!isRecord(request) || request === UNREADABLE) return 'The argument must be one OnboardingRequest object.';
  if (!isText(request['dealId'])) return 'dealId must be a non-empty string.';
  if (!isText(request['customerId'])) return 'customerId must be a non-empty string.';
  const { attestation, agreement = {}, linkValidForMinutes, remindAfterMinutes, callbackUrl } = request;
  if (!isRecord(agreement)) return 'agreement must be an object.';
  if (callbackUrl !== undefined && !isText(callbackUrl)) return 'callbackUrl must be a URL.';
  if (attestation === undefined) {
    if (!isRecord(agreement['primaryContact'])) return 'Either attestation or agreement.primaryContact must be given.';
    if (Number.isNaN(Date.parse(String(agreement['dateAgreed']))))
      return 'agreement.dateAgreed must be an ISO 8601 time.';
    return undefined;
  }
  if (!isRecord(attestation)) return 'attestation must be an object.';
  const { expirationInMinutes } = attestation;
  if (!isAbsentOrWithin(expirationInMinutes, MIN_EXPIRATION_MINUTES, MAX_EXPIRATION_MINUTES)) {
    return `attestation.expirationInMinutes must be a whole number from ${MIN_EXPIRATION_MINUTES} to ${MAX_EXPIRATION_MINUTES}.`;
  }
  if (!isAbsentOrWithin(linkValidForMinutes, MIN_EXPIRATION_MINUTES, MAX_LINK_MINUTES)) {
    return `linkValidForMinutes must be a whole number from ${MIN_EXPIRATION_MINUTES} to ${MAX_LINK_MINUTES}.`;
  }
  if (!areReminders(remindAfterMinutes)) {
    return `remindAfterMinutes must be a list of at most ${MAX_REMINDERS} whole numbers from 1 to ${MAX_LINK_MINUTES}.`;
  }
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0;
}

function areReminders(value: unknown): boolean {
  if (value === undefined) return true;
  if (!Array.isArray(value) || value.length > MAX_REMINDERS) return false;
  return value.every((minutes: unknown) => minutes !== undefined && isAbsentOrWithin(minutes, 1, MAX_LINK_MINUTES));
}

function isAbsentOrWithin(value: unknown, min: number, max: number): boolean {
  return value === undefined || (Number.isInteger(value) && (value as number) >= min && (value as number) <= max);
}

import type { z } from 'zod';
import type { OnboardingRequest } from './request';
import { callbackUrl, onboardingRequestSchema, primaryContactRequestSchema } from './request-schema';

export interface RequestFault {
  /** JSON pointer (RFC 6901). */
  pointer: string;
  detail: string;
}

export type CheckedRequest =
  { request: OnboardingRequest; faults?: never } | { request?: never; faults: RequestFault[] };

export interface RequestRules {
  /** Whether the old method is let through. */
  allowPrimaryContactMethod?: boolean;
  /** Why no event may be sent to a callback URL, if so; left out, that is decided where the events are sent. */
  callbackRefusal?: (callbackUrl: string) => string | undefined;
}

/** Checks a request and returns it as it will be used, or every fault at once. */
export function checkRequest(
  input: unknown,
  { allowPrimaryContactMethod = false, callbackRefusal = () => undefined }: RequestRules = {},
): CheckedRequest {
  const usesPrimaryContact =
    typeof input === 'object' &&
    input !== null &&
    !('attestation' in input) &&
    'agreement' in input &&
    typeof input.agreement === 'object' &&
    input.agreement !== null &&
    'primaryContact' in input.agreement;
  if (usesPrimaryContact && !allowPrimaryContactMethod) {
    const detail =
      'is the old method, which Microsoft retired in the public cloud on 2026-01-05: send attestation instead, or set ALLOW_PRIMARY_CONTACT_METHOD=true where your cloud still has it';
    return { faults: [{ pointer: '/agreement/primaryContact', detail }] };
  }
  const result = (usesPrimaryContact ? primaryContactRequestSchema : onboardingRequestSchema).safeParse(input);
  const faults = [...(result.success ? [] : faultsIn(result.error)), ...callbackFaults(input, callbackRefusal)];
  if (result.success && faults.length === 0) return { request: result.data as OnboardingRequest };
  return { faults };
}

/** Every fault that a schema found, with a pointer to its member. */
export function faultsIn(error: z.core.$ZodError, whole = 'an onboarding request'): RequestFault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: `is not a member of ${whole}` }))
      : [{ pointer: pointer(issue.path), detail: issue.message }],
  );
}

/** Only of a URL that the schema lets pass: one fault for one member. */
function callbackFaults(input: unknown, refusalOf: NonNullable<RequestRules['callbackRefusal']>): RequestFault[] {
  const { callbackUrl: sent } = (input ?? {}) as { callbackUrl?: unknown };
  if (typeof sent !== 'string' || !callbackUrl.safeParse(sent).success) return [];
  const detail = refusalOf(sent);
  return detail === undefined ? [] : [{ pointer: '/callbackUrl', detail }];
}

function pointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

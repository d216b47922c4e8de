/** The request as callers send it: every fault is one sentence that a CRM user understands. */
import { z } from 'zod';
import { countryCodes } from './countries';
import { CRM_ID, GUID, RESELLER_ID } from './ids';
import {
  getExpirationMinutes,
  getLinkMinutes,
  MAX_EXPIRATION_MINUTES,
  MAX_LINK_MINUTES,
  MAX_REMINDERS,
  MIN_EXPIRATION_MINUTES,
} from './request-limits';

const guid = (what: string) => z.string(`must be ${what}, a GUID`).regex(GUID, `must be ${what}, a GUID`);

/** Names of persons and companies in any script, kept exactly as they were sent. */
const name = (what: string, maxLength: number) =>
  z
    .string(`must be ${what}`)
    .refine((value) => value.trim().length > 0, `must not be empty: give ${what}`)
    .max(maxLength, `must have at most ${maxLength} characters`)
    // eslint-disable-next-line no-control-regex -- control characters are what this rule refuses
    .refine((value) => !/[\u0000-\u001f\u007f]/.test(value), 'must not contain control characters or line breaks')
    .meta({
      minLength: 1,
      pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
    });

const phoneNumber = z
  .string('must be the signatory’s phone number')
  .regex(
    /^\+?[0-9][0-9 ().-]{3,28}[0-9]$/,
    'must be a phone number such as +4930123456 or +1-555-0123; the signatory’s own number, which is sent unchanged',
  );

const country = z
  .string('must be a two-letter country code')
  .refine(
    (value) => countryCodes.has(value),
    'must be a two-letter country code of ISO 3166-1 in capitals, for example US',
  )
  .meta({ description: 'ISO 3166-1 alpha-2, in capitals.', pattern: '^[A-Z]{2}$', examples: ['US'] });

const language = z
  .string('must be a language tag')
  .refine(isLanguageTag, 'must be a language tag of BCP 47, for example en-US')
  .meta({
    description: 'BCP 47 tag of the language in which the signatory reads the agreement.',
    pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$',
    examples: ['en-US'],
  });

const minutes = (min: number, max: number, maxInWords: string) =>
  z
    .int('must be a whole number of minutes')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max} (${maxInWords})`);

const expiration = minutes(MIN_EXPIRATION_MINUTES, MAX_EXPIRATION_MINUTES, 'seven days');

const attestation = z.strictObject(
  {
    country,
    language,
    companyName: name('the company’s name', 256),
    signatoryFirstName: name('the signatory’s first name', 128),
    signatoryLastName: name('the signatory’s last name', 128),
    emailAddress: z.email('must be an e-mail address').max(254, 'must have at most 254 characters'),
    phoneNumber,
    expirationInMinutes: expiration.optional(),
  },
  'must be given: an object with the country, language, company and signatory of the agreement',
);

const dateAgreed = z.iso
  .datetime({ offset: true, local: true, error: 'must be an ISO 8601 time, for example 2025-06-03T16:42:12Z' })
  // Partner Center's own samples carry no zone and mean UTC.
  .transform((value) => new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`).toISOString());

/** What to put into the agreement; each member falls back to the worker's configuration. */
const agreementChoice = {
  userId: guid('the object id of a user of the partner tenant').optional(),
  templateId: guid('the template id of the agreement').optional(),
  type: z
    .enum(
      ['MicrosoftCustomerAgreement', 'MicrosoftCloudAgreement'],
      'must be MicrosoftCustomerAgreement or MicrosoftCloudAgreement',
    )
    .optional(),
};

const callbackUrl = z
  .url({ protocol: /^https?$/, error: 'must be an https URL' })
  .max(2048, 'must have at most 2048 characters')
  .meta({
    description: 'Where events are sent; the gateway must allow its host.',
    pattern: '^https?://',
    examples: ['https://crm.example.com/hooks/onboarding'],
  });

const deal = {
  dealId: z
    .string('must be the deal’s id in the CRM')
    .regex(
      new RegExp(`^${CRM_ID}$`),
      'must be 1 to 128 letters, digits, dots, underscores or hyphens, and begin with a letter or digit',
    ),
  resellerId: z
    .string()
    .regex(
      new RegExp(`^${RESELLER_ID}$`),
      'must be 1 to 63 letters, digits, underscores or hyphens, and begin with a letter or digit',
    )
    .optional(),
  customerId: guid('the customer’s Microsoft Entra tenant id').toLowerCase(),
  metadata: z
    .record(
      z.string().min(1, 'must have a name').max(40, 'must have a name of at most 40 characters'),
      z.string('must be a string').max(500, 'must have at most 500 characters'),
    )
    .refine((value) => Object.keys(value).length <= 20, 'must have at most 20 members')
    .meta({ description: 'Echoed in views and events; no personal data.', maxProperties: 20 })
    .optional(),
  callbackUrl: callbackUrl.optional(),
  campaignId: z
    .string()
    .regex(
      new RegExp(`^${CRM_ID}$`),
      'must be 1 to 128 letters, digits, dots, underscores or hyphens, and begin with a letter or digit',
    )
    .optional(),
};

export const onboardingRequestSchema = z
  .strictObject(
    {
      ...deal,
      attestation,
      agreement: z.strictObject(agreementChoice, 'must be an object').optional(),
      linkValidForMinutes: minutes(MIN_EXPIRATION_MINUTES, MAX_LINK_MINUTES, 'thirty days')
        .meta({ description: 'At least attestation.expirationInMinutes, which is the default.' })
        .optional(),
      remindAfterMinutes: z
        .array(minutes(1, MAX_LINK_MINUTES, 'thirty days'), 'must be a list of whole numbers of minutes')
        .max(MAX_REMINDERS, `must have at most ${MAX_REMINDERS} entries`)
        .meta({ description: 'Counted from the first attestation; each less than linkValidForMinutes.' })
        .optional(),
    },
    'must be an onboarding request: a JSON object',
  )
  .refine((request) => getLinkMinutes(request) >= getExpirationMinutes(request.attestation), {
    path: ['linkValidForMinutes'],
    error: 'must not be less than attestation.expirationInMinutes: a link may not expire before its attestation',
    when: hasReadableMinutes,
  })
  .refine((request) => (request.remindAfterMinutes ?? []).every((reminder) => reminder < getLinkMinutes(request)), {
    path: ['remindAfterMinutes'],
    error: 'must all be less than the minutes for which the link is valid: raise linkValidForMinutes',
    when: hasReadableMinutes,
  });

/** Lets the minutes be compared even if other members are invalid, so that all faults are reported together. */
function hasReadableMinutes({ value }: { value: unknown }): boolean {
  const readable = z.object({
    attestation: z.object({ expirationInMinutes: expiration.optional() }),
    linkValidForMinutes: z.number().optional(),
    remindAfterMinutes: z.array(z.number()).optional(),
  });
  return readable.safeParse(value).success;
}

/** The primary contact method, retired in the public cloud on 2026-01-05: the partner confirms the acceptance itself. */
const primaryContactRequestSchema = z.strictObject({
  ...deal,
  agreement: z.strictObject({
    ...agreementChoice,
    primaryContact: z.strictObject({
      firstName: name('the signatory’s first name', 128),
      lastName: name('the signatory’s last name', 128),
      email: z.email('must be an e-mail address'),
      phoneNumber: phoneNumber.optional(),
    }),
    dateAgreed,
  }),
});

/** Partner Center's own eight fields, by their own names (POST /v1/attestations/enhanced). */
export type Attestation = z.infer<typeof attestation>;
export type AttestedRequest = z.infer<typeof onboardingRequestSchema>;
export type AgreementChoice = NonNullable<AttestedRequest['agreement']>;
export type AgreementType = NonNullable<AgreementChoice['type']>;
export type PrimaryContactRequest = z.infer<typeof primaryContactRequestSchema> & { attestation?: never };
export type PrimaryContactAgreement = PrimaryContactRequest['agreement'];
export type PrimaryContact = PrimaryContactAgreement['primaryContact'];
export type OnboardingRequest = AttestedRequest | PrimaryContactRequest;

/** Whether it is a tag of BCP 47 whose language is known. */
export function isLanguageTag(tag: string): boolean {
  try {
    return (
      Intl.getCanonicalLocales(tag).length === 1 &&
      new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(tag) !== undefined
    );
  } catch {
    return false;
  }
}

export interface RequestFault {
  /** JSON pointer (RFC 6901). */
  pointer: string;
  detail: string;
}

export interface RequestRules {
  /** Whether the primary contact method is accepted. */
  allowPrimaryContactMethod?: boolean;
  /** Why no event may be sent to a callback URL; undefined if one may. If absent, only the worker checks the URL. */
  callbackRefusal?: (callbackUrl: string) => string | undefined;
}

/** Checks a request and returns it in normalised form, or else every fault. */
export function checkRequest(
  input: unknown,
  { allowPrimaryContactMethod = false, callbackRefusal = () => undefined }: RequestRules = {},
): { request: OnboardingRequest; faults?: never } | { request?: never; faults: RequestFault[] } {
  const sent = input as { attestation?: unknown; agreement?: { primaryContact?: unknown } | null } | null | undefined;
  const usesPrimaryContact = sent?.attestation === undefined && sent?.agreement?.primaryContact !== undefined;
  if (usesPrimaryContact && !allowPrimaryContactMethod) {
    const detail =
      'is the primary contact method, which Microsoft retired in the public cloud on 2026-01-05: send attestation instead, or set ALLOW_PRIMARY_CONTACT_METHOD=true where your cloud still has it';
    return { faults: [{ pointer: '/agreement/primaryContact', detail }] };
  }
  const result = (usesPrimaryContact ? primaryContactRequestSchema : onboardingRequestSchema).safeParse(input);
  const faults = [...(result.success ? [] : toRequestFaults(result.error)), ...callbackFaults(input, callbackRefusal)];
  if (result.success && faults.length === 0) return { request: result.data as OnboardingRequest };
  return { faults };
}

/** Every fault that a schema found, with a pointer to its member. */
export function toRequestFaults(error: z.core.$ZodError, whole = 'an onboarding request'): RequestFault[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: `is not a member of ${whole}` }))
      : [{ pointer: pointer(issue.path), detail: issue.message }],
  );
}

/** Checks only a URL that the schema accepts, so that one member has one fault. */
function callbackFaults(input: unknown, getRefusal: NonNullable<RequestRules['callbackRefusal']>): RequestFault[] {
  const { callbackUrl: sent } = (input ?? {}) as { callbackUrl?: unknown };
  if (typeof sent !== 'string' || !callbackUrl.safeParse(sent).success) return [];
  const detail = getRefusal(sent);
  return detail === undefined ? [] : [{ pointer: '/callbackUrl', detail }];
}

function pointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

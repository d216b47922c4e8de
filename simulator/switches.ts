/**
 * Switches for behaviour of Partner Center that is not documented. Each default is the more likely behaviour; the comment
 * at a switch is the open question.
 */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const milliseconds = z.int().min(0);

const refusal = z.strictObject({
  status: z.int().min(400).max(499),
  code: z.union([z.int(), z.string()]),
  errorName: z.string(),
  /** Null leaves the member out of the body. */
  isRetryable: z.boolean().nullable(),
});

/** Status, code and name are invented: no source shows these refusals. */
const refusedWith = (code: number, errorName: string): z.infer<typeof refusal> => ({
  status: 400,
  code,
  errorName,
  isRetryable: false,
});

const attestationRefusals = z.strictObject({
  notAccepted: refusal.default(refusedWith(600901, 'AttestationNotAccepted')),
  expired: refusal.default(refusedWith(600902, 'AttestationExpired')),
  unknown: refusal.default(refusedWith(600903, 'AttestationNotFound')),
  alreadyUsed: refusal.default(refusedWith(600904, 'AttestationAlreadyUsed')),
  /** Accepted in minute 59 of 60, agreement created in minute 61: is it refused as expired? */
  expiredAfterAcceptance: refusal
    .extend({ accepted: z.boolean() })
    .default({ accepted: true, ...refusedWith(600905, 'AttestationExpired') }),
});

export const switchesSchema = z.strictObject({
  // The caller
  /** Indirect resellers get 404 from attestations and an empty 403 from agreements. */
  partnerType: z.enum(['direct', 'indirectProvider', 'indirectReseller']).default('direct'),
  /** The documentation requires App+User for every agreement read; does App-only work? */
  agreementGetsAllowAppOnly: z.boolean().default(false),
  /** PEM certificate; when set, the signatures of client assertions are checked with it. */
  clientCertificate: z
    .string()
    .refine(isCertificate, { error: 'is not an X.509 certificate in PEM' })
    .nullable()
    .default(null),
  /** In seconds of the machine's clock (moving the simulator's clock does not affect tokens). */
  tokenLifetimeSeconds: z.int().min(1).default(3599),
  /** Customers answered with 404 (tenant not found) and with 403 (no relationship with the partner). */
  unknownCustomers: z.array(z.string().toLowerCase()).default([]),
  unrelatedCustomers: z.array(z.string().toLowerCase()).default([]),

  // Attestations
  /** The documentation's field table says that it is required, its prerequisites say that it is optional. */
  phoneRequired: z.boolean().default(true),
  /** Are country and language checked against Microsoft's list of document languages? */
  countryLanguagePairsEnforced: z.boolean().default(false),
  /** Does `GET /attestations/enhanced/{id}` exist, as the Location header suggests? */
  attestationStatusEndpoint: z.boolean().default(false),

  // Create agreement: duplicates
  /** The HTTP status of 600061 is undocumented. */
  duplicateStatus: z.union([z.literal(400), z.literal(409)]).default(400),
  duplicateCodeType: z.enum(['number', 'string']).default('number'),
  /** What makes a duplicate: all four contact fields equal, any of them, or the same customer. */
  duplicateMatch: z.enum(['all', 'any', 'customer']).default('all'),
  /** Which contact is compared when a call sends both. */
  duplicateAgainst: z.enum(['attestation', 'primaryContact']).default('attestation'),
  /** Are case and surrounding white space ignored in that comparison? */
  duplicateIgnoresCase: z.boolean().default(false),
  /** After a lost answer a retry is both a duplicate and a reuse of the attestation: which error comes first? */
  duplicateCheckedFirst: z.boolean().default(true),

  // Create agreement: the rest
  attestationRefusals: attestationRefusals.default(attestationRefusals.parse({})),
  /** May one attestation be used for several agreements, and for several customers? */
  attestationReuse: z.enum(['refused', 'sameCustomer', 'allowed']).default('refused'),
  /** Does a repeated MS-RequestId return the first response, or is it for tracing only? */
  requestIdReplay: z.enum(['replay', 'ignore']).default('ignore'),
  /** Is the primary contact method still accepted? */
  primaryContactMethod: z.boolean().default(true),
  /** App-only tokens name no user: must the body name one? */
  userIdRequired: z.boolean().default(false),
  /** The documentation shows 201 and also declares 200. */
  createdStatus: z.union([z.literal(201), z.literal(200)]).default(201),
  /** Does the answer contain the attestation's id? */
  echoAttestationId: z.boolean().default(false),
  dateAgreedMustFollowAcceptance: z.boolean().default(false),
  /** How far in the future `dateAgreed` may lie; null = not checked. */
  maxDateAgreedSkewMs: milliseconds.nullable().default(null),

  // Reads
  /** Delay until reads show a new agreement; documented as up to four hours. */
  agreementReadDelayMs: milliseconds.default(0),
  auditDelayMs: milliseconds.default(0),
  auditPageSize: z.int().min(1).default(100),

  // Limits are unpublished, so off by default
  throttle: z
    .strictObject({
      perPartnerPerSecond: z.int().min(1).nullable().default(null),
      perCustomerPerSecond: z.int().min(1).nullable().default(null),
    })
    .default({ perPartnerPerSecond: null, perCustomerPerSecond: null }),

  // The embedded page
  /** HTTP status of the page for an expired and for an unknown attestation. */
  expiredPageStatus: z.int().min(200).max(599).default(200),
  unknownPageStatus: z.int().min(200).max(599).default(404),
  /** Does the page send a message to its parent window after the acceptance? Undocumented. */
  postMessage: z.boolean().default(false),
  /** The page's `frame-ancestors` policy, such as `'none'`; null sends none. */
  frameAncestors: z.string().nullable().default(null),

  // The CRM
  /** `whsec_…`; when set, events with an invalid signature are answered with 401. */
  crmSecret: z
    .string()
    .refine(isWebhookSecret, { error: 'is not a Standard Webhooks secret: whsec_ followed by base64' })
    .nullable()
    .default(null),
});

export type Switches = z.infer<typeof switchesSchema>;

/** Any part of the switches, at any depth. */
export type SwitchesPatch = Partial<{
  [K in keyof Switches]: Switches[K] extends unknown[] ? Switches[K] : DeepPartial<Switches[K]>;
}>;
type DeepPartial<T> = T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

export const defaultSwitches: Switches = switchesSchema.parse({});

/** Merges `patch` into the switches. @throws ZodError that names every unknown or wrong member. */
export function patchSwitches(current: Switches, patch: unknown): Switches {
  return switchesSchema.parse(mergeDeep(current, patch));
}

function mergeDeep(base: unknown, patch: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) merged[name] = mergeDeep(base[name], value);
  return merged;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}

function isWebhookSecret(text: string): boolean {
  return /^whsec_[A-Za-z0-9+/]{4,}={0,2}$/.test(text) && text.slice('whsec_'.length).length % 4 === 0;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Everything about Partner Center that no public source answers, each as a switch with the likelier reading as its
 * default. The remark beside a switch is the question it stands for.
 */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const milliseconds = z.int().min(0);

const refusal = z.strictObject({
  status: z.int().min(400).max(499),
  code: z.union([z.int(), z.string()]),
  errorName: z.string(),
  /** What the body says about a retry; null leaves the member out. */
  isRetryable: z.boolean().nullable(),
});

/** Status, code and name are this simulator's inventions: no source shows any of these refusals. */
const refused = (code: number, errorName: string): z.infer<typeof refusal> => ({
  status: 400,
  code,
  errorName,
  isRetryable: false,
});

const attestationRefusals = z.strictObject({
  notAccepted: refusal.default(refused(600901, 'AttestationNotAccepted')),
  expired: refusal.default(refused(600902, 'AttestationExpired')),
  unknown: refusal.default(refused(600903, 'AttestationNotFound')),
  alreadyUsed: refusal.default(refused(600904, 'AttestationAlreadyUsed')),
  /** Accepted in minute 59 of 60, agreement asked for in minute 61: does the expiry bound that call too? */
  expiredAfterAcceptance: refusal
    .extend({ accepted: z.boolean() })
    .default({ accepted: true, ...refused(600905, 'AttestationExpired') }),
});

export const switchesSchema = z.strictObject({
  // Who calls
  /** Indirect resellers get 404 from attestations and an empty 403 from agreements. */
  partnerType: z.enum(['direct', 'indirectProvider', 'indirectReseller']).default('direct'),
  /** The documents ask for App+User on every agreement read; does App-only work there today? */
  agreementGetsAllowAppOnly: z.boolean().default(false),
  /** PEM certificate; while set, the signature of a client assertion is checked against it. */
  clientCertificate: z
    .string()
    .refine(isCertificate, { error: 'is no X.509 certificate in PEM' })
    .nullable()
    .default(null),
  /** How long a token lives, in seconds of the machine's time (the movable clock leaves tokens alone). */
  tokenLifetimeSeconds: z.int().min(1).default(3599),
  /** Customers that answer 404 (tenant not found) and 403 (no relationship with the partner). */
  unknownCustomers: z.array(z.string().toLowerCase()).default([]),
  unrelatedCustomers: z.array(z.string().toLowerCase()).default([]),

  // Attestations
  /** The field table says required, the prerequisites say optional. */
  phoneRequired: z.boolean().default(true),
  /** Are country and language checked against the published list of document languages? */
  countryLanguagePairsEnforced: z.boolean().default(false),
  /** Is there a `GET /attestations/enhanced/{id}`, as the Location header hints? */
  attestationStatusEndpoint: z.boolean().default(false),

  // Create agreement: duplicates
  /** The HTTP status of 600061 is documented nowhere. */
  duplicateStatus: z.union([z.literal(400), z.literal(409)]).default(400),
  duplicateCodeType: z.enum(['number', 'string']).default('number'),
  /** Which agreements collide: all four contact fields equal, any of them, or simply the same customer. */
  duplicateMatch: z.enum(['all', 'any', 'customer']).default('all'),
  /** Whose contact counts when a call carries both an attestation and a primary contact. */
  duplicateAgainst: z.enum(['attestation', 'primaryContact']).default('attestation'),
  /** Are upper case and surrounding space ignored in that comparison? */
  duplicateIgnoresCase: z.boolean().default(false),
  /** A retry after a lost answer meets an attestation that is used: is it told of the duplicate or of the use? */
  duplicateCheckedFirst: z.boolean().default(true),

  // Create agreement: the rest
  attestationRefusals: attestationRefusals.default(attestationRefusals.parse({})),
  /** May one attestation serve several agreements, and of several customers? */
  attestationReuse: z.enum(['refused', 'sameCustomer', 'allowed']).default('refused'),
  /** Does MS-RequestId replay the first response or only trace? */
  requestIdReplay: z.enum(['replay', 'ignore']).default('ignore'),
  /** Is the method without an attestation still accepted? */
  primaryContactMethod: z.boolean().default(true),
  /** App-only tokens name no user: must the body? */
  userIdRequired: z.boolean().default(false),
  /** 201 is the rule; 200 is declared too. */
  createdStatus: z.union([z.literal(201), z.literal(200)]).default(201),
  /** Does the created agreement name its attestation? */
  echoAttestationId: z.boolean().default(false),
  dateAgreedMustFollowAcceptance: z.boolean().default(false),
  /** How far ahead of Partner Center's clock `dateAgreed` may lie; null = not checked. */
  maxDateAgreedSkewMs: milliseconds.nullable().default(null),

  // Reads
  /** A new agreement shows after this long: up to four hours are published. */
  agreementReadDelayMs: milliseconds.default(0),
  auditDelayMs: milliseconds.default(0),
  auditPageSize: z.int().min(1).default(100),

  // Limits: unpublished, so off
  throttle: z
    .strictObject({
      perPartnerPerSecond: z.int().min(1).nullable().default(null),
      perCustomerPerSecond: z.int().min(1).nullable().default(null),
    })
    .default({ perPartnerPerSecond: null, perCustomerPerSecond: null }),

  // The embedded page
  /** HTTP status of the page for an attestation that has expired, and for one that never was. */
  expiredPageStatus: z.int().min(200).max(599).default(200),
  unknownPageStatus: z.int().min(200).max(599).default(404),
  /** Does the page tell the window around it that the agreement was accepted? No source says so. */
  postMessage: z.boolean().default(false),
  /** The page's `frame-ancestors` policy, such as `'none'`; null sends none. */
  frameAncestors: z.string().nullable().default(null),

  // The CRM
  /** `whsec_…`; while set, events are checked against it, and those that fail are answered with 401. */
  crmSecret: z
    .string()
    .refine(isWebhookSecret, { error: 'is no secret of Standard Webhooks: whsec_ and base64' })
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

/** The switches with `patch` laid over them; throws a ZodError that names every unknown or wrong member. */
export function patchSwitches(current: Switches, patch: unknown): Switches {
  return switchesSchema.parse(overlay(current, patch));
}

function overlay(base: unknown, patch: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) merged[name] = overlay(base[name], value);
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

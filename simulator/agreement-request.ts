/** Reads the body of Create Agreement; what it refuses, it refuses in Partner Center's classic shape. */
import { z } from 'zod';
import { classicError } from './errors';
import type { Answer, Call } from './operation';
import { jsonObject } from './partner-center';
import type { Contact } from './store';
import type { Switches } from './switches';
import { CLOUD_AGREEMENT, CUSTOMER_AGREEMENT } from './templates';

const contactSchema = z.object({
  firstName: z.string().trim().min(1),
  lastName: z.string().trim().min(1),
  email: z.email(),
  phoneNumber: z.string().optional(),
});

const bodySchema = z.object({
  templateId: z.string().min(1),
  dateAgreed: z.string().min(1),
  type: z.enum(['MicrosoftCustomerAgreement', 'MicrosoftCloudAgreement']),
  userId: z.string().nullish(),
  attestationId: z.guid().nullish(),
  primaryContact: z.unknown().optional(),
});

export interface AgreementRequest {
  dateAgreed: number;
  userId: string | null;
  attestationId: string | null;
  primaryContact: Contact | null;
}

/** A request that names an attestation, a primary contact or both, or the answer that refuses it. */
export function readAgreementRequest(
  call: Call,
  switches: Switches,
): { request: AgreementRequest } | { refusal: Answer } {
  const json = jsonObject(call);
  if (typeof json === 'string') return refused(json, 800002);
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const property = parsed.error.issues[0]?.path.join('.') ?? 'agreement';
    return refused(`The property ${property} is missing or invalid.`);
  }
  const body = parsed.data;
  // The template decides what is agreed to; `type` is read and then has no say.
  const templateId = body.templateId.toLowerCase();
  if (templateId === CLOUD_AGREEMENT.templateId) {
    return refused(`Microsoft Cloud Agreement Template ID '${body.templateId}' is no longer supported.`, 800002);
  }
  if (templateId !== CUSTOMER_AGREEMENT.templateId) return refused(`The template '${body.templateId}' is unknown.`);
  const dateAgreed = parseUtc(body.dateAgreed);
  if (dateAgreed === undefined) return refused('The property dateAgreed is missing or invalid.');
  if (switches.userIdRequired && !body.userId) return refused('The property userId is missing or invalid.');

  const attestationId = body.attestationId?.toLowerCase() ?? null;
  const contact = contactSchema.safeParse(body.primaryContact);
  if (attestationId === null) {
    if (!switches.primaryContactMethod) return refused('The property attestationId is missing or invalid.');
    if (!contact.success) {
      return refused('Either attestationId or a primaryContact with firstName, lastName and email is required.');
    }
  }
  return {
    request: {
      dateAgreed,
      userId: body.userId ?? null,
      attestationId,
      primaryContact: contact.success ? contact.data : null,
    },
  };
}

function refused(description: string, code = 3000): { refusal: Answer } {
  return { refusal: classicError(400, code, description) };
}

/** Milliseconds since the epoch; a time without a zone counts as UTC, as the service's own samples are written. */
export function parseUtc(text: string): number | undefined {
  const zoneless = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text);
  const parsed = Date.parse(zoneless ? `${text}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The way dates come back: UTC, but without saying so. */
export function zonelessUtc(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/(\.000)?Z$/, '');
}

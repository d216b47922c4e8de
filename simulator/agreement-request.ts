/** The body of Create Agreement, its templates and its dates. Invalid bodies are refused in the classic shape. */
import { z } from 'zod';
import { classicError } from './errors';
import type { Answer, Call } from './operations';
import { parseJsonObject } from './partner-center';
import type { Contact } from './store';
import type { Switches } from './switches';

interface Template {
  templateId: string;
  agreementType: 'MicrosoftCustomerAgreement' | 'MicrosoftCloudAgreement';
  agreementLink: string;
  versionRank: number;
}

export const CUSTOMER_AGREEMENT: Template = {
  templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
  agreementType: 'MicrosoftCustomerAgreement',
  agreementLink: 'https://aka.ms/customeragreement',
  versionRank: 0,
};

const CLOUD_AGREEMENT: Template = {
  templateId: '998b88de-aa99-4388-a42c-1b3517d49490',
  agreementType: 'MicrosoftCloudAgreement',
  agreementLink: 'https://docs.microsoft.com/en-us/partner-center/agreements',
  versionRank: 0,
};

export const TEMPLATES = [CUSTOMER_AGREEMENT, CLOUD_AGREEMENT];

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

/** Returns the request, which has an attestation, a primary contact or both, or else the answer that refuses it. */
export function parseAgreementRequest(
  call: Call,
  switches: Switches,
): { request: AgreementRequest } | { refusal: Answer } {
  const json = parseJsonObject(call);
  if (typeof json === 'string') return refuse(json, 800002);
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const property = parsed.error.issues[0]?.path.join('.') ?? 'agreement';
    return refuse(`The property ${property} is missing or invalid.`);
  }
  const body = parsed.data;
  // The template decides the type of the agreement; `type` is checked and then ignored.
  const templateId = body.templateId.toLowerCase();
  if (templateId === CLOUD_AGREEMENT.templateId) {
    return refuse(`Microsoft Cloud Agreement Template ID '${body.templateId}' is no longer supported.`, 800002);
  }
  if (templateId !== CUSTOMER_AGREEMENT.templateId) return refuse(`The template '${body.templateId}' is unknown.`);
  const dateAgreed = parseUtc(body.dateAgreed);
  if (dateAgreed === undefined) return refuse('The property dateAgreed is missing or invalid.');
  if (switches.userIdRequired && !body.userId) return refuse('The property userId is missing or invalid.');

  const attestationId = body.attestationId?.toLowerCase() ?? null;
  const contact = contactSchema.safeParse(body.primaryContact);
  if (attestationId === null) {
    if (!switches.primaryContactMethod) return refuse('The property attestationId is missing or invalid.');
    if (!contact.success) {
      return refuse('Either attestationId or a primaryContact with firstName, lastName and email is required.');
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

function refuse(description: string, code = 3000): { refusal: Answer } {
  return { refusal: classicError(400, code, description) };
}

/** Milliseconds since the epoch; a time without a zone is UTC, as in the service's own samples. */
export function parseUtc(text: string): number | undefined {
  const zoneless = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(text);
  const parsed = Date.parse(zoneless ? `${text}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The service returns dates in UTC without a zone. */
export function formatZonelessUtc(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/(\.000)?Z$/, '');
}

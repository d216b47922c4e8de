/** `POST /v1/attestations/enhanced`. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { classicError, notForPartnerType, unauthorizedAttestation, validationError } from './errors';
import { isDocumentLanguage } from './document-languages';
import type { Answer } from './operation';
import { guarded, jsonObject, type Access } from './partner-center';
import type { Attestation } from './store';
import type { Switches } from './switches';

const ACCESS: Access = {
  kinds: ['appOnly'],
  unauthorized: unauthorizedAttestation,
  refusesReseller: notForPartnerType,
};

const TEXT_FIELDS = [
  'country',
  'language',
  'companyName',
  'signatoryFirstName',
  'signatoryLastName',
  'emailAddress',
  'phoneNumber',
] as const;

type TextField = (typeof TEXT_FIELDS)[number];

export const createAttestation = guarded(ACCESS, (world, call): Answer => {
  const body = jsonObject(call);
  if (typeof body === 'string') return validationError({ $: [body] });
  const errors = validate(body, world.switches);
  if (Object.keys(errors).length > 0) return validationError(errors);

  const attestation = attestationOf(body, world.clock.now());
  world.store.attestations.set(attestation.id, attestation);
  return {
    status: 201,
    // Without the version segment: that is how the service answers.
    headers: { location: `/attestations/enhanced/${attestation.id}` },
    body: { attestationId: attestation.id },
    committed: true,
  };
});

/** `GET /v1/attestations/enhanced/{id}`: nowhere documented, so absent unless switched on. */
export const attestationStatus = guarded(ACCESS, (world, call): Answer => {
  const attestation = world.store.attestations.get(call.params['attestationId']?.toLowerCase() ?? '');
  if (!world.switches.attestationStatusEndpoint || !attestation) return classicError(404, 1000, 'Not found');
  const pending = world.clock.now() < attestation.expiresAt ? 'Pending' : 'Expired';
  return {
    status: 200,
    body: { attestationId: attestation.id, status: attestation.acceptedAt === null ? pending : 'Accepted' },
  };
});

function validate(object: Record<string, unknown>, switches: Switches): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const field of TEXT_FIELDS) {
    const fault = textFault(field, object[field], switches.phoneRequired);
    if (fault) errors[pascalCase(field)] = [fault];
  }
  const { country, language, expirationInMinutes: expiration } = object;
  if (switches.countryLanguagePairsEnforced && !errors['Country'] && !errors['Language']) {
    if (!isDocumentLanguage(String(country), String(language))) {
      errors.Language = [`The Language ${String(language)} is not supported for the Country ${String(country)}.`];
    }
  }
  if (expiration !== undefined && expiration !== null) {
    if (!Number.isInteger(expiration)) {
      errors.ExpirationInMinutes = [`The value '${JSON.stringify(expiration)}' is not valid for ExpirationInMinutes.`];
    } else if (Number(expiration) < 5 || Number(expiration) > 10_080) {
      errors.ExpirationInMinutes = ['ExpirationInMinutes must be between 5 minutes and 7 days (10,080 minutes).'];
    }
  }
  return errors;
}

function textFault(field: TextField, value: unknown, phoneRequired: boolean): string | undefined {
  const name = pascalCase(field);
  const absent = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
  if (absent) return field === 'phoneNumber' && !phoneRequired ? undefined : `The ${name} field is required.`;
  if (typeof value !== 'string') return `The value '${JSON.stringify(value)}' is not valid for ${name}.`;
  if (field === 'emailAddress' && !z.email().safeParse(value).success) {
    return 'The EmailAddress field is not a valid e-mail address.';
  }
  return undefined;
}

function attestationOf(object: Record<string, unknown>, now: number): Attestation {
  const text = (field: TextField) => (object[field] ?? '') as string;
  const expirationInMinutes = (object.expirationInMinutes as number | null | undefined) ?? 60;
  return {
    id: randomUUID(),
    createdAt: now,
    expiresAt: now + expirationInMinutes * 60_000,
    acceptedAt: null,
    country: text('country'),
    language: text('language'),
    companyName: text('companyName'),
    contact: {
      firstName: text('signatoryFirstName'),
      lastName: text('signatoryLastName'),
      email: text('emailAddress'),
      phoneNumber: text('phoneNumber') || undefined,
    },
    usedBy: [],
  };
}

function pascalCase(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

/** Attestations: creation with the service's validation, and the status read. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { classicError, notForPartnerType, unauthorizedAttestation, validationError } from './errors';
import type { Answer } from './operations';
import { type Access, parseJsonObject, withAccess } from './partner-center';
import type { Attestation } from './store';
import type { Switches } from './switches';

const ACCESS: Access = {
  kinds: ['appOnly'],
  unauthorized: unauthorizedAttestation,
  refuseReseller: notForPartnerType,
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

/** `POST /v1/attestations/enhanced`. */
export const createAttestation = withAccess(ACCESS, (simulation, call): Answer => {
  const body = parseJsonObject(call);
  if (typeof body === 'string') return validationError({ $: [body] });
  const errors = validate(body, simulation.switches);
  if (Object.keys(errors).length > 0) return validationError(errors);

  const attestation = buildAttestation(body, simulation.clock.now());
  simulation.store.attestations.set(attestation.id, attestation);
  return {
    status: 201,
    // The service sends the path without the version segment.
    headers: { location: `/attestations/enhanced/${attestation.id}` },
    body: { attestationId: attestation.id },
    committed: true,
  };
});

/** `GET /v1/attestations/enhanced/{id}`: undocumented, so the answer is 404 unless switched on. */
export const getAttestationStatus = withAccess(ACCESS, (simulation, call): Answer => {
  const attestation = simulation.store.attestations.get(call.params['attestationId']?.toLowerCase() ?? '');
  if (!simulation.switches.attestationStatusEndpoint || !attestation) return classicError(404, 1000, 'Not found');
  const pending = simulation.clock.now() < attestation.expiresAt ? 'Pending' : 'Expired';
  return {
    status: 200,
    body: { attestationId: attestation.id, status: attestation.acceptedAt === null ? pending : 'Accepted' },
  };
});

function validate(object: Record<string, unknown>, switches: Switches): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const field of TEXT_FIELDS) {
    const problem = checkText(field, object[field], switches.phoneRequired);
    if (problem) errors[toPascalCase(field)] = [problem];
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

function checkText(field: TextField, value: unknown, phoneRequired: boolean): string | undefined {
  const name = toPascalCase(field);
  const absent = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
  if (absent) return field === 'phoneNumber' && !phoneRequired ? undefined : `The ${name} field is required.`;
  if (typeof value !== 'string') return `The value '${JSON.stringify(value)}' is not valid for ${name}.`;
  if (field === 'emailAddress' && !z.email().safeParse(value).success) {
    return 'The EmailAddress field is not a valid e-mail address.';
  }
  return undefined;
}

function buildAttestation(object: Record<string, unknown>, now: number): Attestation {
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

function toPascalCase(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

/** Languages of the agreement besides en-US, each with its countries (Microsoft's list of 2021-06). */
const PUBLISHED = `
  ar-SA: AE BH EG IQ JO KW LB LY MU OM QA YE; bg-BG: BG; cs-CZ: CZ; da-DK: DK; de-DE: AT DE LI; el-GR: GR;
  es-ES: AR BZ BO CL CO CR DO SV GT HN MX NI PA PY PE ES UY VE; et-EE: EE; fi-FI: FI;
  fr-FR: DZ CI CM CA FR GF LU MC MA RW ST SN CH TN; he-IL: IL; hi-IN: IN; hr-HR: HR; hu-HU: HU; id-ID: ID;
  it-IT: IT; ja-JP: JP; kk-KZ: KZ; ko-KR: KR; lt-LT: LT; lv-LV: LV; ms-MY: MY; nb-NO: NO; nl-NL: BE NL;
  pl-PL: PL; pt-BR: BR; pt-PT: AO CV PT; ro-RO: MD RO; ru-RU: BY KG RU UZ; sk-SK: SK; sl-SI: SI;
  sr-Latn-RS: RS; sv-SE: SE; th-TH: TH; tr-TR: TR; uk-UA: UA; vi-VN: VN; zh-HK: HK MO TW; zh-SG: SG
`;

const COUNTRIES_BY_LANGUAGE = new Map(
  PUBLISHED.split(';').map((entry) => {
    const [language = '', countries = ''] = entry.split(':');
    return [language.trim(), countries.trim().split(/\s+/)];
  }),
);

const COUNTRIES_WITHOUT_DOCUMENT = ['CN']; // absent from Microsoft's list

/** The service compares languages case-sensitively. */
function listDocumentLanguages(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country) || COUNTRIES_WITHOUT_DOCUMENT.includes(country)) return [];
  const translated = [...COUNTRIES_BY_LANGUAGE].filter(([, countries]) => countries.includes(country));
  return ['en-US', ...translated.map(([language]) => language)];
}

/** Whether Microsoft publishes the agreement for this country in this language. */
export function isDocumentLanguage(country: string, language: string): boolean {
  return listDocumentLanguages(country).includes(language);
}

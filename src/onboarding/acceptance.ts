/** The customer's answer: accepted or declined. Pure and lenient: invalid input must never fail a run. */

const acceptanceSources = ['page', 'crm', 'operator', 'microsoft'] as const;
export type AcceptanceSource = (typeof acceptanceSources)[number];

/** The maximum lengths, in characters, of the texts in an acceptance, a decline or an operator's request. */
export const textLimits = { acceptanceId: 128, actor: 200, reason: 1000, comment: 1000 } as const;

interface PageEvidence {
  statementId: string;
  language: string;
  ip: string;
  userAgent: string;
}

/** Reports that the customer has accepted in Microsoft's window. Every member is optional, and so is the object. */
export interface Acceptance {
  /** Which attestation it was given for, counted from 1; default: the last one. */
  round?: number;
  /** ISO 8601, UTC; default: when it is received. */
  acceptedAt?: string;
  source?: AcceptanceSource;
  /** Who reports it. */
  actor?: string;
  reason?: string;
  /** The same id always gets the same receipt. */
  acceptanceId?: string;
  page?: PageEvidence;
}

export interface Receipt {
  acceptedAt: string;
  acceptanceId: string;
  round: number;
}

const pageEvents = ['opened', 'frameUsed'] as const;

export interface PageVisit {
  event: (typeof pageEvents)[number];
  round: number;
  /** ISO 8601, UTC. */
  at: string;
}

export const declineCodes = ['doesNotAccept', 'wrongPerson', 'other'] as const;
export type DeclineCode = (typeof declineCodes)[number];

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]00:?00)$/;

const isRound = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
const isTime = (value: unknown): value is string =>
  typeof value === 'string' && ISO_UTC.test(value) && !Number.isNaN(Date.parse(value));
const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength;

const checks: Record<keyof Acceptance, (value: unknown) => boolean> = {
  round: isRound,
  acceptedAt: isTime,
  source: (value) => acceptanceSources.includes(value as AcceptanceSource),
  actor: (value) => isText(value, textLimits.actor),
  reason: (value) => isText(value, textLimits.reason),
  acceptanceId: (value) => isText(value, textLimits.acceptanceId),
  page: (value) =>
    isRecord(value) && ['statementId', 'language', 'ip', 'userAgent'].every((key) => isText(value[key], 512)),
};

/**
 * Reads what a signal or update carried. An invalid member is left out and named in `dropped`
 * (names only: the value may be a person's data); the acceptance itself still counts.
 */
export function readAcceptance(input: unknown): { acceptance: Acceptance; dropped: string[] } {
  if (input === undefined || input === null) return { acceptance: {}, dropped: [] };
  if (!isRecord(input)) return { acceptance: {}, dropped: ['(the whole argument)'] };
  const acceptance: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const value = input[name];
    if (value === undefined || value === null) continue;
    if (check(value)) acceptance[name] = value;
    else dropped.push(name);
  }
  return { acceptance, dropped };
}

/** Reads the visit in a signal; `undefined` if unreadable. An invalid or future time becomes the time of receipt. */
export function readVisit(input: unknown, now: number): PageVisit | undefined {
  if (!isRecord(input) || !pageEvents.includes(input['event'] as PageVisit['event'])) return undefined;
  const claimed = isTime(input['at']) ? Date.parse(input['at']) : now;
  return {
    event: input['event'] as PageVisit['event'],
    round: isRound(input['round']) ? input['round'] : 1,
    at: new Date(Math.min(claimed, now)).toISOString(),
  };
}

/** The code and comment of a decline, or what is wrong with them in one sentence. */
export function readDecline(input: unknown): { code: DeclineCode; comment?: string } | string {
  if (!isRecord(input)) return 'decline takes an object { code, comment? }';
  const { code, comment } = input;
  if (!declineCodes.includes(code as DeclineCode)) return `decline.code must be one of ${declineCodes.join(', ')}`;
  if (comment === undefined || comment === null) return { code: code as DeclineCode };
  if (!isText(comment, textLimits.comment)) {
    return `decline.comment must be a string of 1 to ${textLimits.comment} characters`;
  }
  return { code: code as DeclineCode, comment };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

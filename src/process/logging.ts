import { inspect } from 'node:util';

/** One line of JSON per entry, with everything that looks like a secret or a person's data taken out. */

const MASK = '[redacted]';

/** Members that are masked whatever they hold, by name without regard to case, dashes and underscores. */
const SECRET_NAMES = new Set(
  [
    'authorization',
    'cookie',
    'setCookie',
    'password',
    'secret',
    'clientSecret',
    'clientAssertion',
    'clientCertificate',
    'clientCertificatePem',
    'privateKey',
    'apiKey',
    'token',
    'taskToken',
    'accessToken',
    'refreshToken',
    'idToken',
    'attestationId',
    'attestation',
    'primaryContact',
    'companyName',
    'signatoryFirstName',
    'signatoryLastName',
    'firstName',
    'lastName',
    'emailAddress',
    'email',
    'phoneNumber',
    'phone',
    'actor',
    'comment',
    'userAgent',
    'ip',
  ].map(plainName),
);

/** Texts that are masked wherever they stand: in messages of libraries, in stack traces, in URLs. */
const SECRET_TEXTS: [pattern: RegExp, replacement: string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, MASK],
  [/((?:client_secret|client_assertion|access_token|attestationid|code|token|sig)=)[^&\s"']+/gi, `$1${MASK}`],
  [/[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+/g, MASK],
];

const MAX_DEPTH = 8;
const MAX_TEXT = 8_000;

/** A copy that is safe to print: secret members and texts masked, errors as name, message and stack, cycles cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return inspect(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAMES.has(plainName(name)) && member !== undefined ? MASK : redact(member, depth + 1),
    ]),
  );
}

/** Only what every error has: what else hangs on one (a request, a response, a token) is nobody's business. */
function redactError(error: Error, depth: number): unknown {
  const { type } = error as { type?: unknown };
  return {
    name: error.name,
    ...(typeof type === 'string' && { type }),
    message: redactText(error.message),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && { cause: redact(error.cause, depth + 1) }),
  };
}

function redactText(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return SECRET_TEXTS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), bounded);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

export interface LogEntry {
  level: string;
  message: string;
  timestampMs?: number;
  attributes?: Record<string, unknown> | undefined;
}

/** The entry as one line of JSON, redacted. */
export function logLine({ level, message, timestampMs = Date.now(), attributes = {} }: LogEntry): string {
  const safe = redact(attributes) as Record<string, unknown>;
  const time = new Date(timestampMs).toISOString();
  return JSON.stringify({ time, level: level.toLowerCase(), message: redactText(message), ...safe });
}

/** Log lines as JSON, without anything that looks like a secret or like personal data. */
import { inspect } from 'node:util';
import pino from 'pino';

const MASK = '[redacted]';

/** Members with these names are masked whatever they hold. Case, dashes and underscores do not matter. */
const SECRET_NAMES = new Set(
  (
    'authorization cookie setCookie password secret clientSecret clientAssertion clientCertificate ' +
    'clientCertificatePem privateKey apiKey token taskToken accessToken refreshToken idToken ' +
    'attestationId attestation primaryContact companyName signatoryFirstName signatoryLastName ' +
    'firstName lastName emailAddress email phoneNumber phone actor comment userAgent ip'
  )
    .split(' ')
    .map(plainName),
);

/** Masked in every text: error messages of libraries, stack traces and URLs may contain them. */
const SECRET_TEXTS: [pattern: RegExp, replacement: string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, MASK],
  [/((?:client_secret|client_assertion|access_token|attestationid|code|token|sig)=)[^&\s"']+/gi, `$1${MASK}`],
  [/[\w.!#$%&'*+/=?^`{|}~-]{1,256}@[\w-]+(?:\.[\w-]+)+/g, MASK],
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

/** Only what every error has. Other members of an error may be a request, a response or a token. */
function redactError(error: Error, depth: number): unknown {
  const { type } = error as { type?: unknown };
  return {
    name: error.name,
    type: typeof type === 'string' ? type : undefined,
    message: redactText(error.message),
    stack: redact(error.stack),
    cause: redact(error.cause, depth + 1),
  };
}

function redactText(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return SECRET_TEXTS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), bounded);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** `log.info({ fields }, 'Message')`. */
export type Logger = pino.Logger;

/**
 * A logger that prints one line of redacted JSON per entry: level, time (ISO 8601), message, then the fields.
 * Writes to stderr, synchronously, so that no line is lost when the process exits.
 */
export function createLogger({
  level,
  destination = pino.destination({ fd: 2, sync: true }),
}: {
  level: pino.LevelWithSilent;
  destination?: pino.DestinationStream;
}): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(args, method) {
          const [fields, message]: unknown[] = typeof args[0] === 'string' ? [{}, args[0]] : args;
          // The message goes in as the first field: pino itself would print it after all others.
          method.call(this, redact({ message, ...(fields instanceof Error ? { error: fields } : (fields as object)) }));
        },
      },
    },
    destination,
  );
}

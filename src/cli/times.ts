import { InvalidArgumentError } from 'commander';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** `2026-11-24 14:05:09 UTC`. */
export function utc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** An argument that is a moment with its zone. @throws InvalidArgumentError */
export function momentArgument(value: string): Date {
  const moment = new Date(value);
  if (!DATE_TIME.test(value) || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('It must be a time with its zone, for example 2026-11-24T14:05:00Z.');
  }
  return moment;
}

/** An argument that is a moment, or a day and then its beginning in UTC. @throws InvalidArgumentError */
export function dayOrMomentArgument(value: string): Date {
  const day = new Date(value);
  if (DATE.test(value) && !Number.isNaN(day.getTime())) return day;
  try {
    return momentArgument(value);
  } catch {
    throw new InvalidArgumentError(
      'It must be a day in UTC, for example 2026-11-24, or a time with its zone, for example 2026-11-24T14:05:00Z.',
    );
  }
}

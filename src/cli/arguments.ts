/** Parsers of arguments. Commander turns their InvalidArgumentError into a usage error that names the argument. */
import { Argument, InvalidArgumentError } from 'commander';
import { CRM_ID, RESELLER_ID } from '../onboarding/ids';

const DEAL = new RegExp(`^(${RESELLER_ID}:)?${CRM_ID}$`);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The argument that names a deal; optional for commands that also take many. */
export function dealArgument(name: '<deal>' | '[deal]' = '<deal>'): Argument {
  const description = 'dealId, or resellerId:dealId for a reseller’s deal';
  return new Argument(name, description).argParser((value) => {
    if (!DEAL.test(value)) throw new InvalidArgumentError(`It must be a ${description}.`);
    return value;
  });
}

export function parseInstant(value: string): Date {
  const moment = new Date(value);
  if (!DATE_TIME.test(value) || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('It must be a time with a UTC offset, for example 2026-11-24T14:05:00Z.');
  }
  return moment;
}

/** A point in time with its UTC offset, or a date, which means 00:00 UTC on that day. */
export function parseDayOrInstant(value: string): Date {
  const day = new Date(value);
  if (DATE.test(value) && !Number.isNaN(day.getTime())) return day;
  try {
    return parseInstant(value);
  } catch {
    throw new InvalidArgumentError(
      'It must be a day in UTC, for example 2026-11-24, or a time with a UTC offset, for example 2026-11-24T14:05:00Z.',
    );
  }
}

export function parseCount(largest: number): (value: string) => number {
  return (value) => {
    const count = Number(value);
    if (!Number.isInteger(count) || count < 1 || count > largest) {
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${largest}.`);
    }
    return count;
  };
}

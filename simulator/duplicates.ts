/** When a second partner-confirmed agreement of a customer counts as a duplicate. */
import type { Contact } from './store';
import type { Switches } from './switches';

const FIELDS = ['firstName', 'lastName', 'email', 'phoneNumber'] as const;

type Rule = Pick<Switches, 'duplicateMatch' | 'duplicateIgnoresCase'>;

/** Whether `contact` collides with any of the customer's earlier contacts. */
export function isDuplicate(contact: Contact, earlier: readonly Contact[], rule: Rule): boolean {
  switch (rule.duplicateMatch) {
    case 'customer':
      return earlier.length > 0;
    case 'all':
      return earlier.some((other) => FIELDS.every((field) => same(contact[field], other[field], rule)));
    case 'any':
      // Two absent telephone numbers are no common trait.
      return earlier.some((other) =>
        FIELDS.some((field) => contact[field] !== undefined && same(contact[field], other[field], rule)),
      );
  }
}

function same(one: string | undefined, other: string | undefined, rule: Rule): boolean {
  if (!rule.duplicateIgnoresCase) return one === other;
  return one?.trim().toLowerCase() === other?.trim().toLowerCase();
}

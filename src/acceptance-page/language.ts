/** The page's texts in every language, and the choice of the language. */
import { match } from '@formatjs/intl-localematcher';
import { isLanguageTag } from '../onboarding/request-schema';
import de from './locales/de.json';
import en from './locales/en.json';
import es from './locales/es.json';
import fr from './locales/fr.json';
import ja from './locales/ja.json';
import nl from './locales/nl.json';

/** Every text of the page. The English file is the schema: a text that another language lacks does not compile. */
export type Messages = typeof en;

/** In the order in which the page offers them. A new language is a file in `locales` and its entry here. */
export const locales = { en, de, fr, es, nl, ja } satisfies Record<string, Messages>;
export type Language = keyof typeof locales;
export const languages = Object.keys(locales) as Language[];

/**
 * Names the wording of the sentence that the signatory confirms; it is kept as evidence. A change of `statement` in any
 * language needs a new id.
 */
export const STATEMENT_ID = 'mca-signatory-statement-1';

interface LanguageSources {
  chosen?: Language;
  /** The language tag of the attestation, in which Microsoft's window is shown. */
  attested?: string;
  /** The browser's Accept-Language header. */
  accepted?: string;
}

/** The first language that the page supports: the chosen, the attestation's, the browser's in order; else English. */
export function chooseLanguage({ chosen, attested, accepted = '' }: LanguageSources): Language {
  if (chosen !== undefined) return chosen;
  // The matcher throws for anything that is not a language tag, for example `*`.
  const wanted = [attested ?? '', ...parseAcceptLanguage(accepted)].filter(isLanguageTag);
  return match(wanted, languages, 'en', { algorithm: 'lookup' }) as Language;
}

/** The locale of times and numbers: the attestation's, with its region, if it is in the page's language. */
export function chooseLocale(language: Language, attested: string | undefined): string {
  return attested?.split('-')[0]?.toLowerCase() === language ? attested : language;
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(locales, value);
}

/** The tags of an Accept-Language header, best first, without those of quality 0. */
function parseAcceptLanguage(header: string): string[] {
  return header
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality)
    .map(({ tag }) => tag);
}

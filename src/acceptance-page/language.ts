import { de } from './messages/de';
import { en } from './messages/en';
import { es } from './messages/es';
import { fr } from './messages/fr';
import { ja } from './messages/ja';
import { nl } from './messages/nl';
import type { Language, Messages } from './messages/messages';

export const catalogues: Readonly<Record<Language, Messages>> = { en, de, fr, es, nl, ja };

/** What decides the language, strongest first. */
interface LanguageWishes {
  /** What the signatory chose on the page. */
  chosen?: string | undefined;
  /** The language of the attestation: Microsoft's window speaks it. */
  attested?: string | undefined;
  /** The browser's Accept-Language. */
  accepted?: string | undefined;
}

/** The page's language; English where nothing known is wished for. */
export function languageFor({ chosen, attested, accepted = '' }: LanguageWishes): Language {
  return [chosen, attested, ...byPreference(accepted)].map(primaryTag).find(isLanguage) ?? 'en';
}

/** How to write dates: with the attestation's region where the page speaks its language. */
export function localeFor(language: Language, attested: string | undefined): string {
  return attested !== undefined && primaryTag(attested) === language ? attested : language;
}

export function isLanguage(tag: unknown): tag is Language {
  return typeof tag === 'string' && Object.hasOwn(catalogues, tag);
}

function primaryTag(tag: string | undefined): string | undefined {
  return tag?.split('-')[0]?.trim().toLowerCase();
}

/** The tags of an Accept-Language header, best first. */
function byPreference(header: string): string[] {
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

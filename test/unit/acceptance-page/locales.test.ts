import { format, html } from '../../../src/acceptance-page/html';
import { languages, locales, STATEMENT_ID } from '../../../src/acceptance-page/language';

/** Every text of a locale by its path. */
function getTexts(member: unknown, path = ''): [string, string][] {
  if (typeof member === 'string') return [[path, member]];
  return Object.entries(member as object).flatMap(([name, value]) => getTexts(value, `${path}.${name}`));
}

function getPlaceholders(texts: [string, string][]): [string, string[]][] {
  return texts.map(([path, text]) => [path, [...new Set(text.match(/\{.*?\}/g))].toSorted()]);
}

const english = getTexts(locales.en);

describe.each(languages)('the texts in %s', (language) => {
  const texts = getTexts(locales[language]);

  test('are the same texts as in English, with the same placeholders', () => {
    expect(getPlaceholders(texts)).toEqual(getPlaceholders(english));
  });

  test('are not empty, and not in English', () => {
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([]);
    const untranslated = texts.filter(([path, text]) => english.some(([key, value]) => key === path && value === text));
    const expected = language === 'en' ? texts : texts.filter(([path]) => path === '.direction');
    expect(untranslated).toEqual(expected);
  });

  test('are in a language in which the platform writes dates and numbers', () => {
    expect(Intl.DateTimeFormat.supportedLocalesOf(language)).toEqual([language]);
  });
});

test('the statement’s id stands for its wording: another wording needs another id', () => {
  const values = { name: html`[name]`, company: html`[company]` };
  const statements = languages.map((language) => [language, format(locales[language].statement, values).markup]);
  expect({ [STATEMENT_ID]: Object.fromEntries(statements) }).toEqual({
    'mca-signatory-statement-1': {
      en: 'I am [name], and I may accept this agreement for [company].',
      de: 'Ich bin [name] und darf diese Vereinbarung für [company] annehmen.',
      fr: 'Je suis [name] et je peux accepter ce contrat pour [company].',
      es: 'Soy [name] y puedo aceptar este contrato en nombre de [company].',
      nl: 'Ik ben [name] en ik mag deze overeenkomst accepteren voor [company].',
      ja: '私は [name] であり、[company] を代表してこの契約に同意する権限があります。',
    },
  });
});

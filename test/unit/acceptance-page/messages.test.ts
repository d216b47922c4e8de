import { type Html, html } from '../../../src/acceptance-page/html';
import { catalogues } from '../../../src/acceptance-page/language';
import { languages, type Messages, STATEMENT_ID } from '../../../src/acceptance-page/messages/messages';

const NAME = html`[name]`;
const COMPANY = html`[company]`;

/** Every text of a catalogue with its path, the given parts put in. */
function textsOf(member: unknown, path = ''): [string, string][] {
  if (typeof member === 'string') return [[path, member]];
  if (typeof member === 'function') {
    const text = (member as (...parts: Html[]) => Html)(NAME, COMPANY);
    return [[path, text.markup]];
  }
  return Object.entries(member as object).flatMap(([name, value]) => textsOf(value, `${path}.${name}`));
}

describe.each(languages)('the texts in %s', (language) => {
  const messages: Messages = catalogues[language];

  test('are all there, and are all the language’s own', () => {
    const same = ['.company', '.direction', '.footer'];
    for (const [path, text] of textsOf(messages)) {
      expect([path, text.trim().length > 0, text.includes('undefined')]).toEqual([path, true, false]);
      if (language === 'en' || same.includes(path)) continue;
      const english = textsOf(catalogues.en).find(([other]) => other === path)![1];
      expect([path, text === english]).toEqual([path, false]);
    }
  });

  test('leave room for the duration, and name names where they must', () => {
    expect(messages.timeLeft).toContain('{duration}');
    expect(messages.heading(COMPANY).markup).toContain('[company]');
    expect(messages.introduction(COMPANY).markup).toContain('[company]');
    expect(messages.wrongPerson.summary(NAME).markup).toContain('[name]');
    expect(messages.step1(html`[button]`).markup).toContain('[button]');
    expect(messages.refused.text(html`[button]`).markup).toContain('[button]');
    expect(messages.openUntil(html`[time]`).markup).toContain('[time]');
  });

  test('are in a language that the platform can write dates and numbers in', () => {
    expect(Intl.DateTimeFormat.supportedLocalesOf(language)).toEqual([language]);
    expect(messages.language).toBe(language);
  });
});

test('the sentence that is confirmed is what its version says: another wording needs another version', () => {
  const sentences = languages.map((language) => [language, catalogues[language].statement(NAME, COMPANY).markup]);
  expect({ [STATEMENT_ID]: Object.fromEntries(sentences) }).toEqual({
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

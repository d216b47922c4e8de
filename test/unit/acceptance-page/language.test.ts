import { chooseLanguage, chooseLocale, isLanguage } from '../../../src/acceptance-page/language';

describe('the page’s language', () => {
  test.each<[Parameters<typeof chooseLanguage>[0], string, string]>([
    [{ attested: 'de-AT', accepted: 'fr' }, 'de', 'the attestation’s language takes precedence over the browser’s'],
    [{ chosen: 'ja', attested: 'de-AT' }, 'ja', 'the language chosen on the page takes precedence over both'],
    [{ attested: 'it-IT', accepted: 'is, es;q=0.8, nl;q=0.9' }, 'nl', 'the browser’s best language that the page has'],
    [{ attested: 'it-IT', accepted: 'de;q=0, fr-CA;q=0.1' }, 'fr', 'a language of quality 0 does not count'],
    [{ attested: 'EN-gb' }, 'en', 'tags are read without regard to case'],
    [{ attested: 'it-IT', accepted: ',;q=,*' }, 'en', 'English for a header without a known language'],
    [{ attested: 'constructor' }, 'en', 'names that every object has are not languages'],
    [{ attested: 'de_DE', accepted: 'x' }, 'en', 'what is not a language tag is left out'],
    [{ attested: 'pt-PT', accepted: 'lb, gl' }, 'en', 'a related language is not good enough'],
    [{}, 'en', 'English if nothing is known'],
  ])('%j is %s: %s', (sources, language) => {
    expect(chooseLanguage(sources)).toBe(language);
  });

  test('can only be chosen from those that the page has', () => {
    expect(['de', 'it', 'constructor', 'EN', undefined, ['de']].map(isLanguage)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

test('dates follow the attestation’s region if the page is in its language', () => {
  expect(chooseLocale('en', 'en-GB')).toBe('en-GB');
  expect(chooseLocale('fr', 'en-GB')).toBe('fr');
  expect(chooseLocale('fr', undefined)).toBe('fr');
});

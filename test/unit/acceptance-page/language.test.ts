import { languageFor, localeFor } from '../../../src/acceptance-page/language';

describe('the page’s language', () => {
  test.each<[Parameters<typeof languageFor>[0], string, string]>([
    [{ attested: 'de-AT', accepted: 'fr' }, 'de', 'the attestation’s goes before the browser’s'],
    [{ chosen: 'ja', attested: 'de-AT' }, 'ja', 'what was chosen goes before both'],
    [{ attested: 'it-IT', accepted: 'pl, es;q=0.8, nl;q=0.9' }, 'nl', 'the browser’s best that the page speaks'],
    [{ attested: 'it-IT', accepted: 'de;q=0, fr-CA;q=0.1' }, 'fr', 'a language refused by the browser does not count'],
    [{ attested: 'EN-gb' }, 'en', 'tags are read without regard to case'],
    [{ attested: 'it-IT', accepted: ',;q=,*' }, 'en', 'English where nothing known is wished for'],
    [{ attested: 'constructor' }, 'en', 'names that every object has are no languages'],
    [{}, 'en', 'English where nothing is wished for'],
  ])('%j is %s: %s', (wishes, language) => {
    expect(languageFor(wishes)).toBe(language);
  });

  test('dates follow the attestation’s region where the page speaks its language', () => {
    expect(localeFor('en', 'en-GB')).toBe('en-GB');
    expect(localeFor('fr', 'en-GB')).toBe('fr');
    expect(localeFor('fr', undefined)).toBe('fr');
  });
});

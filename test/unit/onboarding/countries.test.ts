import { isDocumentLanguage } from '../../../simulator/attestations';
import { getDocumentLanguages } from '../../../src/onboarding/countries';
import { countryCodes } from '../../../src/onboarding/countries';

test.each([
  ['US', ['en-US']],
  ['AT', ['en-US', 'de-DE']],
  ['ES', ['en-US', 'es-ES']],
  ['UA', ['en-US', 'uk-UA']],
  ['RS', ['en-US', 'sr-Latn-RS']],
  ['HK', ['en-US', 'zh-HK']],
  ['CN', []],
  ['us', []],
])('the agreement of %s is known in %j', (country, languages) => {
  expect(getDocumentLanguages(country)).toEqual(languages);
});

test('every language of the list is a language tag in its canonical case', () => {
  const all = new Set([...countryCodes].flatMap(getDocumentLanguages));
  expect([...all]).toEqual(Intl.getCanonicalLocales([...all]));
  expect(all.size).toBe(40);
  expect(isDocumentLanguage('DE', 'de-DE')).toBe(true);
  expect(isDocumentLanguage('DE', 'de-de')).toBe(false);
});

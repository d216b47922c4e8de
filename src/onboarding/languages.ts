/** Languages in which Microsoft publishes the agreement besides en-US, each with its countries (its list of 2021-06). */
const PUBLISHED = `
  ar-SA: AE BH EG IQ JO KW LB LY MU OM QA YE; bg-BG: BG; cs-CZ: CZ; da-DK: DK; de-DE: AT DE LI; el-GR: GR;
  es-ES: AR BZ BO CL CO CR DO SV GT HN MX NI PA PY PE ES UY VE; et-EE: EE; fi-FI: FI;
  fr-FR: DZ CI CM CA FR GF LU MC MA RW ST SN CH TN; he-IL: IL; hi-IN: IN; hr-HR: HR; hu-HU: HU; id-ID: ID;
  it-IT: IT; ja-JP: JP; kk-KZ: KZ; ko-KR: KR; lt-LT: LT; lv-LV: LV; ms-MY: MY; nb-NO: NO; nl-NL: BE NL;
  pl-PL: PL; pt-BR: BR; pt-PT: AO CV PT; ro-RO: MD RO; ru-RU: BY KG RU UZ; sk-SK: SK; sl-SI: SI;
  sr-Latn-RS: RS; sv-SE: SE; th-TH: TH; tr-TR: TR; uk-UA: UA; vi-VN: VN; zh-HK: HK MO TW; zh-SG: SG
`;

const COUNTRIES_BY_LANGUAGE = new Map(
  PUBLISHED.split(';').map((entry) => {
    const [language = '', countries = ''] = entry.split(':');
    return [language.trim(), countries.trim().split(/\s+/)];
  }),
);

const COUNTRIES_WITHOUT_DOCUMENT = ['CN']; // operated by a partner of Microsoft's, and absent from the list

/** The languages in which the document is known to exist for a country; the service compares them with case. */
export function documentLanguages(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country) || COUNTRIES_WITHOUT_DOCUMENT.includes(country)) return [];
  const translated = [...COUNTRIES_BY_LANGUAGE].filter(([, countries]) => countries.includes(country));
  return ['en-US', ...translated.map(([language]) => language)];
}

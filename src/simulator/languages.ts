/** Languages in which the agreement document is published besides en-US, each with its countries. */
const PUBLISHED = `
  ar-SA: AE BH EG IQ JO KW LB LY MU OM QA YE; bg-BG: BG; cs-CZ: CZ; da-DK: DK; de-DE: AT DE LI; el-GR: GR; es-
  ES: AR BZ BO CL CO CR DO SV GT HN MX NI PA PY PE ES UY VE; et-EE: EE; fi-FI: FI; fr-FR: DZ CI CM CA FR GF LU
  MC MA RW ST SN CH TN; he-IL: IL; hi-IN: IN; hr-HR: HR; hu-HU: HU; id-ID: ID; it-IT: IT; ja-JP: JP; kk-KZ: KZ;
  ko-KR: KR; lt-LT: LT; lv-LV: LV; ms-MY: MY; nb-NO: NO; nl-NL: BE NL; pl-PL: PL; pt-BR: BR; pt-PT: AO CV PT;
  ro-RO: MD RO; ru-RU: BY KG RU UZ; sk-SK: SK; sl-SI: SI; sr-Latn-RS: RS; sv-SE: SE; th-TH: TH; tr-TR: TR; uk-
  UA: UA; vi-VN: VN; zh-HK: HK MO TW; zh-SG: SG
`;

const COUNTRIES_BY_LANGUAGE = new Map(
  PUBLISHED.split(';').map((entry) => {
    const [language = '', countries = ''] = entry.split(':');
    return [language.trim(), countries.trim().split(/\s+/)];
  }),
);

/** Whether the document exists for the pair; case counts, as it does for the service. */
export function isDocumentLanguage(country: string, language: string): boolean {
  // China is known to be missing from the list; every other country has at least English.
  if (!/^[A-Z]{2}$/.test(country) || country === 'CN') return false;
  return language === 'en-US' || (COUNTRIES_BY_LANGUAGE.get(language)?.includes(country) ?? false);
}

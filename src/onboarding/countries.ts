/** ISO 3166-1 alpha-2, all 249 officially assigned codes. `Intl.DisplayNames` also accepts 31 codes that are not countries. */
export const countryCodes: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

/** Languages in which Microsoft publishes the agreement besides en-US, each with its countries (Microsoft's list of 2021-06). */
const PUBLISHED = `
  ar-SA: AE BH EG IQ JO KW LB LY MU OM QA YE; bg-BG: BG; cs-CZ: CZ; da-DK: DK; de-DE: AT DE LI; el-GR: GR;
  es-ES: AR BZ BO CL CO CR DO SV GT HN MX NI PA PY PE ES UY VE; et-EE: EE; fi-FI: FI;
  fr-FR: DZ CI CM CA FR GF LU MC MA RW ST SN CH TN; he-IL: IL; hi-IN: IN; hr-HR: HR; hu-HU: HU; id-ID: ID;
  it-IT: IT; ja-JP: JP; kk-KZ: KZ; ko-KR: KR; lt-LT: LT; lv-LV: LV; ms-MY: MY; nb-NO: NO; nl-NL: BE NL;
  pl-PL: PL; pt-BR: BR; pt-PT: AO CV PT; ro-RO: MD RO; ru-RU: BY KG RU UZ; sk-SK: SK; sl-SI: SI;
  sr-Latn-RS: RS; sv-SE: SE; th-TH: TH; tr-TR: TR; uk-UA: UA; vi-VN: VN; zh-HK: HK MO TW; zh-SG: SG
`;

const TRANSLATIONS = PUBLISHED.split(';').map((entry) => {
  const [language = '', ...countries] = entry.trim().split(/:?\s+/);
  return { language, countries };
});

const COUNTRIES_WITHOUT_DOCUMENT = ['CN']; // another company operates the cloud there, and the list omits it

/** The languages in which the agreement is known to exist for a country. Partner Center compares them case-sensitively. */
export function getDocumentLanguages(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country) || COUNTRIES_WITHOUT_DOCUMENT.includes(country)) return [];
  const translations = TRANSLATIONS.filter(({ countries }) => countries.includes(country));
  return ['en-US', ...translations.map(({ language }) => language)];
}

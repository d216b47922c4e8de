/** The two agreement templates Partner Center knows. */
export interface Template {
  templateId: string;
  agreementType: 'MicrosoftCustomerAgreement' | 'MicrosoftCloudAgreement';
  agreementLink: string;
  versionRank: number;
}

export const CUSTOMER_AGREEMENT: Template = {
  templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
  agreementType: 'MicrosoftCustomerAgreement',
  agreementLink: 'https://aka.ms/customeragreement',
  versionRank: 0,
};

export const CLOUD_AGREEMENT: Template = {
  templateId: '998b88de-aa99-4388-a42c-1b3517d49490',
  agreementType: 'MicrosoftCloudAgreement',
  agreementLink: 'https://docs.microsoft.com/en-us/partner-center/agreements',
  versionRank: 0,
};

export const TEMPLATES = [CUSTOMER_AGREEMENT, CLOUD_AGREEMENT];

export { agreementOnboarding } from './agreement-onboarding';
export { crmDelivery } from './crm-delivery';

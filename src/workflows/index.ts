export { agreementOnboarding } from './agreement-onboarding';

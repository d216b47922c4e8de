export { type CallbackRefusal, checkCallbackUrl, callbackRefusals, comparableHost } from './callback-url';
export { createDeliver, type Deliver, type DeliverOptions, type DeliveryOutcome, type Message } from './deliver';
export type { AllowedHost, CrmSettings } from './settings';

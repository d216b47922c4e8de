import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { DeliveryRecord, DeliveryStatus } from '../onboarding/events';
import type { OnboardingEvent } from '../onboarding/events';

/** What a delivery hears and answers. Onboardings and the command line depend on these names: add, never rename. */

/** The next event of the onboarding. One whose sequence number is known already is ignored. */
export const deliverSignal = defineSignal<[OnboardingEvent]>('deliver');

/** Delivers these events again, by sequence number; the one being tried is tried at once. */
export const resendSignal = defineSignal<[number[]]>('resend');

export const deliveryStatusQuery = defineQuery<DeliveryStatus>('deliveryStatus');

/** The order and every event with its view: what a report and a new run of an ended delivery need. */
export const deliveryRecordQuery = defineQuery<DeliveryRecord>('deliveryRecord');

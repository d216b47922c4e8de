import { defineSignal } from '@temporalio/workflow';
import type { OnboardingEvent } from '../onboarding/events';

/** Hands the next event of a run to its delivery. */
export const deliverSignal = defineSignal<[OnboardingEvent]>('deliver');

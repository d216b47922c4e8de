import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';
import { UNREADABLE } from '../onboarding/request';

/**
 * The SDK's own converter, except that in input sent to a workflow an unknown encoding or invalid JSON becomes
 * `UNREADABLE`. An error would fail the workflow task forever, and one bad signal would block a deal until someone
 * resets its run.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the interface has it
  fromPayload<T>(...args: Parameters<PayloadConverter['fromPayload']>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(
        ...(args as Parameters<typeof defaultPayloadConverter.fromPayload<T>>),
      );
    } catch (error) {
      const [, context] = args;
      if (context?.type !== 'workflow') throw error; // an activity's answer is ours: if unreadable, that is a defect
      return UNREADABLE as T;
    }
  },
};

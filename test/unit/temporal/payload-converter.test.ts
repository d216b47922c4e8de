import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { UNREADABLE } from '../../../src/onboarding/request';
import { payloadConverter } from '../../../src/temporal/payload-converter';

const ofWorkflow: SerializationContext = { type: 'workflow', namespace: 'default', workflowId: 'w' };
const ofActivity: SerializationContext = { type: 'activity', namespace: 'default', isLocal: false };
const broken: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"a":') };

test.each([[{ a: [1, null, 'x'] }], ['text'], [null], [undefined], [new Uint8Array([1, 2])]])(
  '%p is converted in the same way as by the SDK',
  (value) => {
    const payload = payloadConverter.toPayload(value, ofWorkflow);
    expect(payload).toEqual(defaultPayloadConverter.toPayload(value));
    expect(payloadConverter.fromPayload(payload, ofWorkflow)).toEqual(value);
  },
);

test('an unreadable payload sent to a workflow becomes UNREADABLE', () => {
  expect(payloadConverter.fromPayload(broken, ofWorkflow)).toBe(UNREADABLE);
});

test('an unreadable payload of an activity, or without a context, still throws', () => {
  expect(() => payloadConverter.fromPayload(broken, ofActivity)).toThrow('JSON');
  expect(() => payloadConverter.fromPayload(broken)).toThrow('JSON');
});

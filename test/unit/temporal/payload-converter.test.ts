import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { UNREADABLE } from '../../../src/onboarding/request';
import { payloadConverter } from '../../../src/temporal/payload-converter';

const ofWorkflow: SerializationContext = { type: 'workflow', namespace: 'default', workflowId: 'w' };
const ofActivity: SerializationContext = { type: 'activity', namespace: 'default', isLocal: false };
const broken: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"a":') };

test.each([[{ a: [1, null, 'x'] }], ['text'], [null], [undefined], [new Uint8Array([1, 2])]])(
  '%p is written and read as by the SDK itself',
  (value) => {
    const payload = payloadConverter.toPayload(value, ofWorkflow);
    expect(payload).toEqual(defaultPayloadConverter.toPayload(value));
    expect(payloadConverter.fromPayload(payload, ofWorkflow)).toEqual(value);
  },
);

test('what a workflow is sent and nobody can read is marked', () => {
  expect(payloadConverter.fromPayload(broken, ofWorkflow)).toBe(UNREADABLE);
});

test('an answer of an activity, and what has no context, still throws', () => {
  expect(() => payloadConverter.fromPayload(broken, ofActivity)).toThrow('JSON');
  expect(() => payloadConverter.fromPayload(broken)).toThrow('JSON');
});

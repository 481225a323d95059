import { decodeEnvelope, encodeEnvelope, messages, messageTags, type Message, type ParamsOf } from './index';

test.each(messages.map((schema) => [schema.tag, schema] as const))('%s documents itself', (_tag, schema) => {
  expect(schema.doc).toMatch(/^[A-Z].*\.$/);
  expect(Object.values(schema.steps).flat().length).toBeGreaterThan(0);
});

test('tags are unique', () => {
  expect(new Set(messageTags).size).toBe(messages.length);
});

test('the tag chooses the type of the params', () => {
  const read = (message: Message): string => {
    if (message.event === 'x.grp.relay.acpt') return message.params.relayLink;
    return message.event === 'x.msg.new' && message.params.content.type === 'image'
      ? message.params.content.image
      : message.event;
  };
  const params: ParamsOf<'x.grp.relay.acpt'> = { relayLink: 'https://smp.example.com/g#a' };
  expect(read({ event: 'x.grp.relay.acpt', params })).toBe(params.relayLink);
  expect(read({ event: 'x.ok', params: {} })).toBe('x.ok');
  // @ts-expect-error -- the params of another message
  expect(read({ event: 'x.grp.info', params })).toBe('x.grp.info');
});

test('a message to send says the versions that we support', () => {
  const bytes = encodeEnvelope({ message: { event: 'x.grp.relay.ready', params: {} } });
  expect(new TextDecoder().decode(bytes)).toBe('{"v":"1-19","event":"x.grp.relay.ready","params":{}}');
  expect(decodeEnvelope(bytes)).toMatchObject({ ok: true, value: { version: { min: 1, max: 19 } } });
});

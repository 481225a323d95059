import { admission } from './admission';

const bytes = (text: string) => Buffer.from(text);

test('anybody, nobody, or who knows the password', () => {
  const open = admission({ SMP_NEW_QUEUES: 'on' });
  expect([open(undefined), open(bytes('any'))]).toEqual([true, true]);
  const closed = admission({ SMP_NEW_QUEUES: 'off', SMP_CREATE_PASSWORD: 'sesame' });
  expect(closed(bytes('sesame'))).toBe(false);
  const guarded = admission({ SMP_NEW_QUEUES: 'on', SMP_CREATE_PASSWORD: 'sésame' });
  expect(['sésame', 'sésam', 'sésame!', ''].map((said) => guarded(bytes(said)))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(guarded(undefined)).toBe(false);
});

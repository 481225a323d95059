import { createHash, timingSafeEqual } from 'node:crypto';
import type { SmpServerConfig } from './config';

const digest = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

type Admission = Pick<SmpServerConfig, 'SMP_NEW_QUEUES' | 'SMP_CREATE_PASSWORD'>;

/** Who may create queues, by the password that NEW says; however wrong it is, it takes as long to see. */
export function admission(config: Admission): (password: Uint8Array | undefined) => boolean {
  const { SMP_NEW_QUEUES: newQueues, SMP_CREATE_PASSWORD: expected } = config;
  if (newQueues === 'off') return () => false;
  if (expected === undefined) return () => true;
  const wanted = digest(expected);
  return (password = new Uint8Array(0)) => timingSafeEqual(digest(password), wanted);
}

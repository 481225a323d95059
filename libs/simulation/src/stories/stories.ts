import type { ProtocolName } from '@chat-relays/protocol';
import { adding } from './adding';
import { distrusting } from './distrusting';
import { forwarding } from './forwarding';
import { givingUp } from './giving-up';
import { joining } from './joining';
import { leaving } from './leaving';
import { losing } from './losing';
import { missing } from './missing';
import { naming } from './naming';
import { outrunning } from './outrunning';
import { removing } from './removing';
import { failing } from './failing';
import { pacing } from './pacing';
import { pairing } from './pairing';
import { pooling } from './pooling';
import { refusing } from './refusing';
import { rejoining } from './rejoining';
import { restoring } from './restoring';
import { retrying } from './retrying';
import { returning } from './returning';
import type { Telling } from './telling';
import { unlisting } from './unlisting';

const stories: readonly Telling[] = [
  ...adding,
  ...joining,
  ...forwarding,
  ...distrusting,
  ...missing,
  ...outrunning,
  ...removing,
  ...leaving,
  ...failing,
  ...pairing,
  ...pooling,
  ...refusing,
  ...rejoining,
  ...restoring,
  ...retrying,
  ...returning,
  ...unlisting,
  ...givingUp,
  ...pacing,
  ...losing,
  ...naming,
];

/** The stories that happen in a protocol. */
export function storiesOf(protocol: ProtocolName): readonly Telling[] {
  return stories.filter(({ only = [protocol] }) => only.includes(protocol));
}

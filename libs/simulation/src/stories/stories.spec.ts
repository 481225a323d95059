import { protocolNames } from '@chat-relays/protocol';
import { storiesOf } from './stories';

describe.each(protocolNames)('stories of %s', (protocol) => {
  it.each(storiesOf(protocol))('$title', async ({ tell }) => {
    await expect(tell(protocol)).resolves.toBeDefined();
  });
});

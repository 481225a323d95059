import { protocolNames } from '@chat-relays/protocol';
import { pointsOf } from './plan';
import { complaint, deletableRows, without } from './row-deletion';

describe.each(protocolNames)('without any one of its rows %s does not work', (protocol) => {
  let points: ReadonlyMap<string, number>;
  beforeAll(async () => {
    points = await pointsOf(protocol);
  });

  it('with all of them it does', async () => {
    expect(await complaint(protocol, points)).toBeUndefined();
  });

  it.each(deletableRows(protocol))('$title', async (deletable) => {
    expect(await without(deletable, () => complaint(protocol, points))).toBeDefined();
  });
});

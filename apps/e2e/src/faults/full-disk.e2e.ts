import { randomBytes } from 'node:crypto';
import { TemporaryError } from '@chat-relays/agent';
import { SmpClient } from '@chat-relays/bus';
import { TestQueue } from '@chat-relays/simulation';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { FullDisk, type Table } from '../full-disk';
import { ServiceLog } from '../service-log';
import { Town } from '../town';
import { peopleJoin, wholeAgain } from './aftermath';

/** Larger than what PostgreSQL keeps in a row, and such that it cannot be compressed. */
const large = () => randomBytes(6_000).toString('base64url');

describe("PostgreSQL's disk is full", () => {
  let town: Town;
  let evidence: Evidence;
  let disk: FullDisk;
  let smp: SmpClient | undefined;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', LINK_POOL: '0' });
    evidence = Evidence.open(town);
    disk = await FullDisk.open(town);
  });

  afterAll(async () => {
    smp?.close();
    await disk.close();
    await evidence.close();
    await town.stop();
  });

  it.each<[string, Table]>([
    ['smp-relays', 'smp_relays.message_blocks'],
    ['relay-1', 'relay_1.delivery_jobs'],
    ['member-agent', 'member_agent.messages'],
  ])(
    'for %s: what was accepted comes when there is space, and nothing is started again',
    async (service, table) => {
      const channel = await peopleJoin(await town.channel('full', 'paired', ['relay-1', 'relay-2']));
      const texts = Array.from({ length: 10 }, large);
      await channel.send(texts.slice(0, 1));
      const log = logOf(service);
      await disk.fill(table);
      await channel.send(texts.slice(1));
      await log.says(/could not extend file/);
      await disk.makeSpace(table);
      await wholeAgain(evidence, channel, texts);
    },
  );

  it('for an owner: what is said is refused, and taken when there is space', async () => {
    const channel = await peopleJoin(await town.channel('full', 'paired', ['relay-1', 'relay-2']));
    const texts = [large(), large()];
    await channel.send(texts.slice(0, 1));
    await disk.fill('owner_agent.posts');
    await expect(channel.send([large(), large(), large()])).rejects.toMatchObject({ code: 'internal' });
    await disk.makeSpace('owner_agent.posts');
    await channel.send(texts.slice(1));
    await wholeAgain(evidence, channel, texts);
  });

  it('for an SMP server: SEND is never answered OK, and what got OK is there', async () => {
    const heard: string[] = [];
    const client = new SmpClient(town.bus, {
      onMessages: (messages) => {
        heard.push(...messages.map((message) => queue.text(message)));
        client.acknowledge(messages);
      },
    });
    smp = client;
    const queue = await TestQueue.create(client, 'smp-relays', { subscribe: false });
    await client.subscribe('smp-relays', [queue]);
    const send = async (text: string): Promise<string> => {
      const command = { kind: 'SEND', notify: false, body: Buffer.from(text) } as const;
      return (await client.request('smp-relays', { entityId: queue.senderId, command })).kind;
    };
    const texts = [large(), large()];
    expect(await send(texts[0])).toBe('OK');
    await disk.fill('smp_relays.message_blocks');
    for (let count = 0; count < 3; count++) await expect(send(large())).rejects.toThrow(TemporaryError);
    await disk.makeSpace('smp_relays.message_blocks');
    expect(await send(texts[1])).toBe('OK');
    await converges(async () => [...heard], texts);
  });

  const logOf = (service: string) => new ServiceLog(town.fleet.service(service).logFile);
});

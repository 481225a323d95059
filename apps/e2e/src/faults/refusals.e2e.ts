import { memberRequests, ownerRequests, request } from '@chat-relays/bus';
import { protocolNames } from '@chat-relays/protocol';
import { converges } from '../convergence';
import { Evidence } from '../evidence';
import { Terminal } from '../terminal';
import { MEMBERS, Town } from '../town';

const OWNER = 'alice';

/** SMP servers that make nothing for a while, or have nothing any more. */
describe('after a server said no', () => {
  let town: Town;
  let evidence: Evidence;

  beforeAll(async () => {
    town = await Town.start({ LINK_CHECK_MS: '3000', QUEUE_LOST_AFTER_MS: '400' });
    evidence = Evidence.open(town);
    await (await town.channel('first')).relaysConfirmed();
  });

  afterAll(async () => {
    await evidence.close();
    await town.stop();
  });

  it.each(protocolNames)(
    'to a channel of %s, its owner begins it again at a terminal, once it is broken',
    async (protocol) => {
      const name = `refused-${protocol}`;
      await say('/smp faults smp-owner refuse-new');
      await say(`/pg relays=1,2 protocol=${protocol} #${name}`);
      const group = () => request(town.bus, ownerRequests['owner.group.get'], { owner: OWNER, group: name });
      await converges(async () => (await group()).status, 'Broken');
      expect((await shown('/groups')).lines).toContain(
        `#${name} (broken, NEW: AUTH: /retry #${name} begins it again)`,
      );
      expect(await shown(`/_add relays #${name} 3`)).toMatchObject({
        code: 1,
        errors: [`"${name}" is Broken (NEW: AUTH): begin it again first`],
      });
      await say('/smp clear smp-owner');
      await say(`/retry #${name} --wait`);
      expect((await group()).status).toBe('Ready');
      expect(await shown(`/retry #${name}`)).toMatchObject({
        code: 1,
        errors: [`"${name}" is Ready: only a group that is Broken is begun again`],
      });
    },
  );

  it('to each queue of the members, they are in again by themselves, and are told what they may lack', async () => {
    const channels = [];
    for (const protocol of protocolNames) {
      const channel = await town.channel(`lost-${protocol}`, protocol, ['relay-1', 'relay-2']);
      await channel.relaysConfirmed();
      await channel.join(MEMBERS);
      await channel.membersConnected(MEMBERS.length);
      await channel.send(['text 1']);
      await channel.arrived(MEMBERS.length);
      channels.push(channel);
    }
    await town.fleet.kill('smp-members', 'SIGKILL');
    await evidence.empty('smp-members');
    await town.fleet.restart('smp-members');
    for (const channel of channels) {
      const link = await channel.link();
      const gaps = async (member: string) =>
        (await request(town.bus, memberRequests['member.gap.list'], { link, member })).gaps;
      for (const member of MEMBERS) {
        await converges(async () => (await gaps(member)).map(({ to }) => to), [undefined, undefined]);
      }
      await channel.membersConnected(MEMBERS.length);
      await channel.send(['text 2']);
      for (const member of MEMBERS) {
        const texts = async () => (await channel.messagesOf(member)).map(({ text }) => text);
        await converges(texts, ['text 1', 'text 2']);
      }
    }
    expect((await shown('/gaps #lost-full --as bob')).lines[0]).toMatch(
      /^#lost-full: the SMP server lost the queue of relay .+: what came after its message number \d+ may be missing$/,
    );
    await converges(() => evidence.orphans(), 0);
  });

  async function shown(command: string): Promise<{ code: number | null; lines: string[]; errors: string[] }> {
    const terminal = new Terminal(town.stack.natsUrl, command);
    const code = await terminal.code();
    return { code, lines: terminal.lines, errors: terminal.errors };
  }

  async function say(command: string): Promise<void> {
    expect(await shown(command)).toMatchObject({ code: 0, errors: [] });
  }
});

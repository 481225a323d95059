import { type Command, noChanges } from '@chat-relays/agent';
import { dialogueOf, type SagaRecord } from '@chat-relays/protocol';
import { noFaults } from './faults';
import type { Scenario } from '../runs/scenario';
import { Random } from '../random';
import { run } from '../runs/run';
import { overlaid, type Sabotage, saving, withStore } from './sabotage';
import type { Ports } from '../world';

/** The first problem that some of these channels has; undefined when all end well. */
async function problemOf(
  sabotage: Sabotage | undefined,
  more: Partial<Scenario> = {},
): Promise<string | undefined> {
  for (let seed = 1; seed <= 60; seed++) {
    const faults = { ...noFaults, loss: 0.15, duplicates: 0.2 };
    const scenario = {
      seed,
      protocol: 'full',
      relays: 2,
      members: 1,
      messages: 3,
      faults,
      quota: 4,
      ...more,
    } as const;
    const { problems } = await run(scenario, sabotage);
    if (problems.length > 0) return problems[0];
  }
  return undefined;
}

describe('every invariant fails when what it guards is broken', () => {
  it('but not otherwise', async () => {
    expect(await problemOf(undefined)).toBeUndefined();
  });

  it('a list of relays that is fixed when it is decided drops a relay', async () => {
    const decided = new Map<string, SagaRecord[]>();
    const mutant: Sabotage = (ports) => {
      let executing: string | undefined;
      const { store } = ports;
      return {
        ...ports,
        store: overlaid(store, {
          commit: (work) =>
            store.commit((unit) =>
              work(
                overlaid(unit, {
                  relaysOf: async (groupId) => decided.get(executing ?? '') ?? unit.relaysOf(groupId),
                  save: async (partial) => {
                    const changes = { ...noChanges, ...partial };
                    const saved = new Map(changes.records.map((record) => [record.id, record]));
                    const commands: Command[] = [];
                    for (const command of changes.commands) {
                      if (command.kind !== 'LSET') commands.push(command);
                      else {
                        const relays = await unit.relaysOf('news');
                        decided.set(
                          command.id,
                          relays.map((relay) => saved.get(relay.id) ?? relay),
                        );
                        commands.push({ ...command, lane: command.id });
                      }
                    }
                    await unit.save({ ...changes, commands });
                  },
                }),
              ),
            ),
          lease: async (request) => {
            const commands = await store.lease(request);
            executing = commands.find(({ kind }) => kind === 'LSET')?.id;
            return commands;
          },
        }),
      };
    };
    expect(await problemOf(mutant, { relays: 3 })).toMatch(
      /is (Added|Notified|Confirmed), and the group link does not list it/,
    );
  });

  it('a relay that is listed before it accepted', async () => {
    const mutant = withStore((store) => ({
      commit: (work) =>
        store.commit((unit) =>
          work(
            overlaid(unit, {
              relaysOf: async (groupId) =>
                (await unit.relaysOf(groupId)).map((relay) =>
                  relay.data['relayLink'] === undefined
                    ? { ...relay, status: 'Accepted', data: { relayLink: relay.data['relayAddress'] } }
                    : relay,
                ),
            }),
          ),
        ),
    }));
    expect(await problemOf(mutant)).toMatch(/which no accepted relay gave/);
  });

  it('a NEW with other keys on every try makes a second link', async () => {
    const random = new Random(1);
    const mutant = withStore((store) => ({
      lease: async (request) =>
        (await store.lease(request)).map((command) =>
          command.kind === 'NEW' && command.noun === 'relay_address'
            ? { ...command, seed: random.bytes(32) }
            : command,
        ),
    }));
    expect(await problemOf(mutant)).toMatch(/relay links and addresses for \d+ attempts/);
  });

  it('a relay that lets members in before it serves', async () => {
    const { rows } = dialogueOf('full', 'group_member');
    const guarded = rows.filter(({ when, from }) => when && from.includes('-'));
    const guards = guarded.map(({ when }) => when);
    guarded.forEach((row) => Object.assign(row, { when: undefined }));
    const problem = await problemOf(undefined, { impatient: true });
    guarded.forEach((row, index) => Object.assign(row, { when: guards[index] }));
    expect(problem).toMatch(/was let in by a relay that does not serve/);
  });

  it('a status that is skipped', async () => {
    const mutant = saving((changes) => ({
      ...changes,
      records: changes.records.map((record) =>
        record.noun === 'relay_own' && record.status === 'LinkCreated'
          ? { ...record, status: 'Notified' }
          : record,
      ),
    }));
    expect(await problemOf(mutant)).toMatch(/went from Invited to Notified, which is no row/);
  });

  it('a command that outlives its reply', async () => {
    const mutant = saving((changes) => ({ ...changes, consumed: [] }));
    expect(await problemOf(mutant)).toMatch(/no rest after|still has .* to do/);
  });

  it('a command that is lost', async () => {
    const mutant = saving((changes) => ({
      ...changes,
      commands: changes.commands.filter(({ step }) => step !== '9'),
    }));
    expect(await problemOf(mutant)).toMatch(/is stuck in Added/);
  });

  it('a message that is lost', async () => {
    const mutant = saving((changes) => ({
      ...changes,
      jobs: changes.jobs.filter(({ messageId }) => !messageId.startsWith('a')),
    }));
    expect(await problemOf(mutant, { relays: 1, messages: 20 })).toMatch(/has \d+ messages of 20/);
  });

  it('a second copy that is kept', async () => {
    const mutant = (ports: Ports): Ports => ({
      ...ports,
      messages: {
        insert: (messages, received) =>
          ports.messages.insert(
            messages.map((message) => ({ ...message, author: message.via })),
            received,
          ),
      },
    });
    expect(await problemOf(mutant)).toMatch(/or some twice/);
  });

  it('a member that fell behind and is forgotten', async () => {
    const mutant = (ports: Ports): Ports => ({
      ...ports,
      deliveries: overlaid(ports.deliveries, {
        advance: (jobs, cursor, _behind, sent) => ports.deliveries.advance(jobs, cursor, [], sent),
      }),
    });
    expect(await problemOf(mutant, { quota: 1, messages: 6, relays: 1 })).toMatch(/messages of 6/);
  });

  it('what is posted while the first member is let in, and not kept for it', async () => {
    const mutant = (ports: Ports): Ports => ({
      ...ports,
      deliveries: overlaid(ports.deliveries, {
        completed: async (relayOwnId, from, limit) =>
          from === 0 ? [] : ports.deliveries.completed(relayOwnId, from, limit),
        caughtUp: (member, upTo, sent) => ports.deliveries.caughtUp(member, upTo || Infinity, sent),
      }),
    });
    expect(await problemOf(mutant, { anything: 12, relays: 1 })).toMatch(/messages of \d+/);
  });

  it('a number that is given to no message', async () => {
    const mutant = (ports: Ports): Ports => ({
      ...ports,
      deliveries: overlaid(ports.deliveries, {
        advance: (jobs, cursor, behind, sent) => {
          const skipping = sent.map(({ position: { id, hash }, ...queue }) => ({
            ...queue,
            position: { id: id + 1, hash },
          }));
          return ports.deliveries.advance(jobs, cursor, behind, skipping);
        },
      }),
    });
    expect(await problemOf(mutant)).toMatch(/misses what no server lost/);
  });

  it('an answer that nobody understands', async () => {
    const { rows } = dialogueOf('full', 'relay_own');
    const index = rows.findIndex(({ on }) => on === ('x.ok' as never));
    const [row] = (rows as unknown[]).splice(index, 1);
    const problem = await problemOf(undefined);
    (rows as unknown[]).splice(index, 0, row);
    expect(problem).toMatch(/nobody takes x.ok/);
  });

  it('a relay that is chosen again and not invited', async () => {
    const { rows } = dialogueOf('full', 'group_relay');
    const index = rows.findIndex(({ on, again }) => on === ('relay.chosen' as never) && again);
    const [row] = (rows as unknown[]).splice(index, 1);
    const problem = await problemOf(undefined, { meddling: 6 });
    (rows as unknown[]).splice(index, 0, row);
    expect(problem).toMatch(/is Removed in the end/);
  });

  it('a queue that is said to be deleted and is not', async () => {
    const mutant = (ports: Ports): Ports => ({
      ...ports,
      smp: overlaid(ports.smp, {
        request: async (server, request) =>
          request.command.kind === 'DEL' ? { kind: 'OK' } : ports.smp.request(server, request),
      }),
    });
    expect(await problemOf(mutant, { meddling: 6 })).toMatch(/has a queue \([CM]\) that nobody knows/);
  });
});

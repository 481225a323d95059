import { randomBytes } from 'node:crypto';
import { QUOTA, SERVER, Station } from './station';
import { told, type Stranger } from './stranger';
import { block, commands, Fields, NONE } from './stranger-bytes';
import { newKey } from './stranger-keys';
import { Queue } from './stranger-queue';

let station: Station;

beforeAll(async () => {
  station = await Station.start();
});

afterAll(() => station.stop());

/** Killed with SIGKILL and started again; each begins with two new sessions. */
async function restarted(env: NodeJS.ProcessEnv = {}): Promise<[Stranger, Stranger]> {
  await station.fleet.kill(SERVER, 'SIGKILL');
  await station.fleet.restart(SERVER, env);
  return station.strangers(2) as Promise<[Stranger, Stranger]>;
}

/** A SEND, or what it is, that is not answered because the server dies of it. */
async function dyingOf(stranger: Stranger, transmission: Buffer): Promise<void> {
  const ended = station.fleet.service(SERVER).ended();
  stranger.publish(block([transmission]));
  expect((await ended).signal).toBe('SIGKILL');
  await station.fleet.restart(SERVER);
}

/** What is done before the server is killed, and answers what is looked at after it was started again, in new sessions. */
type Scenario = (a: Stranger, b: Stranger) => Promise<(c: Stranger, d: Stranger) => Promise<void>>;

const ACROSS: Record<string, Scenario> = {
  'messages that were not acknowledged come again: same id, same bytes, same order': async (a, b) => {
    const queue = await a.create();
    for (const body of ['acknowledged', 'delivered', 'waiting']) await b.send(queue, body);
    await a.pushed(queue);
    const delivered = await a.ask(queue.recipientId, commands.ack(queue.lastId), queue.key);
    return async (c) => {
      expect(await c.own(queue, 'SUB')).toBe('SOK');
      const again = await c.push();
      expect(again.body).toEqual(delivered.body);
      expect(queue.text(again)).toBe('MSG delivered');
      expect(await c.ack(queue)).toBe('MSG waiting');
      expect(await c.ack(queue)).toBe('OK');
    };
  },
  'the order holds across it': async (a, b) => {
    const queue = await a.create({ subscribe: false });
    await b.send(queue, '1');
    await b.send(queue, '2');
    return async (c, d) => {
      await d.send(queue, '3');
      const heard: string[] = [];
      for (let n = 0; n < 3; n++) {
        heard.push(await c.own(queue, 'GET'));
        await c.ack(queue);
      }
      expect(heard).toEqual(['MSG 1', 'MSG 2', 'MSG 3']);
    };
  },
  'links are what was last set, or gone': async (a) => {
    const [kept, removed, once] = [
      await a.create({ mode: 'C', link: {} }),
      await a.create({ mode: 'C', link: {} }),
      await a.create({ mode: 'M', link: {} }),
    ];
    await a.own(kept, commands.lset(kept.linkId, 'fixed data', 'last'));
    await a.own(removed, 'LDEL');
    return async (c, d) => {
      const lnk = new Fields((await d.ask(kept.linkId, 'LGET')).body.subarray(4));
      expect([lnk.short(), lnk.large().toString(), lnk.large().toString()]).toEqual([
        kept.senderId,
        'fixed data',
        'last',
      ]);
      expect(await d.tell(removed.linkId, 'LGET')).toBe('ERR AUTH');
      const key = newKey();
      expect(await d.tell(once.linkId, commands.lkey(key.der), key)).toBe('LNK');
      expect(await c.own(kept, commands.lset(kept.linkId, 'other', 'last'))).toBe('ERR AUTH');
    };
  },
  'keys are what they were: the sender’s, those of RKEY; OFF and DEL stay': async (a, b) => {
    const [secured, off, deleted] = [
      await a.create({ mode: 'M' }),
      await a.create(),
      await a.create({ mode: 'C', link: {} }),
    ];
    const several = await a.create({ mode: 'C' });
    const [sender, other] = [newKey('ed448'), newKey('ed25519')];
    await b.tell(secured.senderId, commands.skey(sender.der), sender);
    await a.own(several, commands.rkey(other.der));
    await a.own(off, 'OFF');
    await a.own(deleted, 'DEL');
    return async (c, d) => {
      expect(await d.send(secured, 'hello', sender)).toBe('OK');
      expect(await d.send(secured, 'hello')).toBe('ERR AUTH');
      expect([await c.own(several, 'SUB'), await c.own(several, 'SUB', other)]).toEqual(['ERR AUTH', 'SOK']);
      expect(await d.send(off, 'hello')).toBe('ERR AUTH');
      expect([await c.own(deleted, 'SUB'), await d.tell(deleted.linkId, 'LGET')]).toEqual([
        'ERR AUTH',
        'ERR AUTH',
      ]);
    };
  },
  'a full queue is still full, and its marker the same': async (a, b) => {
    const queue = await a.create({ subscribe: false });
    for (let n = 0; n <= QUOTA; n++) await b.send(queue, `${n}`);
    return async (c, d) => {
      expect(await d.send(queue, 'not yet')).toBe('ERR QUOTA');
      await c.own(queue, 'SUB');
      await c.pushed(queue);
      for (let n = 1; n < QUOTA; n++) await c.ack(queue);
      expect(await c.ack(queue)).toBe('MSG (quota)');
      expect(await d.send(queue, 'not yet')).toBe('ERR QUOTA');
      expect(await c.ack(queue)).toBe('OK');
      expect(await d.send(queue, 'now')).toBe('OK');
    };
  },
  'NEW with the same bytes is still the same queue': async (a) => {
    const queue = await a.create({ mode: 'M', link: {} });
    const again = [queue.recipientId, queue.senderId, queue.linkId];
    return async (c) => {
      queue.created((await c.ask(NONE, queue.command, queue.key, { corrId: queue.corrId })).body);
      expect([queue.recipientId, queue.senderId, queue.linkId]).toEqual(again);
    };
  },
  'sessions have ended: a block is ERR SESSION, and nobody is subscribed': async (a, b) => {
    const queue = await a.create();
    await b.send(queue, 'hello');
    await a.pushed(queue);
    return async (c) => {
      a.publish(block([a.say(NONE, 'PING').transmission]));
      expect(told(await a.push())).toBe('ERR SESSION');
      expect(await c.ack(queue)).toBe('ERR NO_MSG');
      const { qiSub, qiSize } = await c.info(queue);
      expect([qiSub, qiSize]).toEqual([undefined, 1]);
    };
  },
};

describe('killed and started again', () => {
  const after = new Map<string, (c: Stranger, d: Stranger) => Promise<void>>();

  beforeAll(async () => {
    for (const [name, before] of Object.entries(ACROSS)) {
      const [a, b] = await station.strangers(2);
      after.set(name, await before(a, b));
    }
    await restarted();
  });

  test.each(Object.keys(ACROSS))('%s', async (name) => {
    const [c, d] = await station.strangers(2);
    await after.get(name)!(c, d);
  });
});

describe('in between', () => {
  test('a block comes back at once, with status 503; the server says when it is there again', async () => {
    const a = await station.stranger();
    const up: number[] = [];
    station.nats.subscribe(`smp.${SERVER}.up`, { callback: (_, { data }) => void up.push(data.length) });
    await station.nats.flush();
    await station.fleet.kill(SERVER, 'SIGKILL');
    // the broker may not have noticed yet that the server is gone: what it took before that nobody answers
    const asking = setInterval(() => a.publish(block([a.say(NONE, 'PING').transmission])), 50);
    await expect(a.unreachable).resolves.toBe(503);
    clearInterval(asking);
    await station.fleet.restart(SERVER);
    expect(up).toEqual([0]);
  });

  test('a stop with SIGTERM loses as little', async () => {
    const [a, b] = await station.strangers(2);
    const queue = await a.create();
    await b.send(queue, 'hello');
    const delivered = await a.push();
    await station.fleet.restart(SERVER);
    const c = await station.stranger();
    await c.own(queue, 'SUB');
    expect((await c.push()).body).toEqual(delivered.body);
  });
});

describe('killed in the middle of a commit', () => {
  test('before it: what was not answered was not done', async () => {
    const a = await station.stranger();
    const queue = await a.create({ subscribe: false });
    const [, d] = await restarted({ FAILPOINT: 'smp.commit.before:1' });
    await dyingOf(d, d.say(queue.senderId, commands.send('hello')).transmission);
    const e = await station.stranger();
    expect(await e.own(queue, 'GET')).toBe('OK');
  });

  test('after it: a NEW whose answer was lost is asked for again', async () => {
    const [c] = await restarted({ FAILPOINT: 'smp.commit.after:1' });
    const queue = new Queue({ mode: 'C', link: { linkId: randomBytes(24) } });
    const { corrId, command, key } = queue;
    await dyingOf(c, c.say(NONE, command, key, { corrId }).transmission);
    const e = await station.stranger();
    expect(await e.tell(queue.link!.linkId, 'LGET')).toBe('LNK');
    queue.created((await e.ask(NONE, command, key, { corrId })).body);
    expect([queue.senderId, queue.linkId]).toEqual([queue.link!.senderId, queue.link!.linkId]);
  });

  test('after it: a SEND whose answer was lost is a second message when it is repeated', async () => {
    const a = await station.stranger();
    const queue = await a.create({ subscribe: false });
    const [, d] = await restarted({ FAILPOINT: 'smp.commit.after:1' });
    await dyingOf(d, d.say(queue.senderId, commands.send('hello')).transmission);
    const [e, f] = await station.strangers(2);
    await f.send(queue, 'hello');
    expect(await e.own(queue, 'GET')).toBe('MSG hello');
    expect([await e.ack(queue), await e.own(queue, 'GET')]).toEqual(['OK', 'MSG hello']);
  });
});

describe('with other settings', () => {
  const queue = new Queue({ mode: 'C', link: {} });
  const make = (stranger: Stranger, { command, key, corrId }: Queue) =>
    stranger.tell(NONE, command, key, { corrId });
  let c: Stranger;

  beforeAll(async () => {
    const a = await station.stranger();
    queue.created((await a.ask(NONE, queue.command, queue.key, { corrId: queue.corrId })).body);
    await a.send(queue, 'before');
    [c] = await restarted({ SMP_PADDING: 'off', SMP_CREATE_PASSWORD: 'open sesame' });
  });

  test('without padding a MSG is as long as its message, one of before too', async () => {
    await c.send(queue, 'after that');
    const sizes: number[] = [];
    for (let n = 0; n < 2; n++) {
      const { msgId, sealed, body } = queue.open((await c.ask(queue.recipientId, 'GET', queue.key)).body);
      sizes.push(sealed.length - body!.length);
      await c.ack(queue, msgId);
    }
    // tag, length, timestamp, flag and space
    expect(sizes).toEqual([28, 28]);
  });

  test('a NEW has to say the password, if the server has one', async () => {
    expect(await make(c, new Queue({}))).toBe('ERR AUTH');
    expect(await make(c, new Queue({ password: '' }))).toBe('ERR AUTH');
    expect(await make(c, new Queue({ password: 'open sesam' }))).toBe('ERR AUTH');
    expect(await make(c, new Queue({ password: 'open sesame' }))).toBe('IDS');
  });

  test('a NEW of before answers again without it', async () => {
    expect(await make(c, queue)).toBe('IDS');
  });

  test('a server that takes no new queues', async () => {
    const [d] = await restarted({ SMP_NEW_QUEUES: 'off' });
    expect(await make(d, new Queue({}))).toBe('ERR AUTH');
    expect(await make(d, queue)).toBe('IDS');
    expect(await d.own(queue, 'SUB')).toBe('SOK');
  });
});

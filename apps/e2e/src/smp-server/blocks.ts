import { randomBytes } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import { SERVER, type Station } from './station';
import { Stranger, told, type Heard } from './stranger';
import { block, bytes, commands, NONE, short, word16 } from './stranger-bytes';
import { newKey } from './stranger-keys';

/** Facts 1.2, 1.4: what is a command, what is a block, and in which order answers come. */
export function blocks(station: () => Station): void {
  const ping = bytes(short(NONE), short('ping'), short(NONE), 'PING');

  test('PING is answered by PONG, with its corrId and without an entity', async () => {
    const a = await station().stranger();
    const heard = await a.ask(NONE, 'PING', undefined, { corrId: Buffer.from('x') });
    expect([heard.corrId.toString(), heard.entityId, heard.body.toString()]).toEqual(['x', NONE, 'PONG']);
  });

  test.each([
    '',
    ' ',
    'HELLO',
    'sub',
    'SUB=',
    'SU',
    'SUBS',
    'NSUB',
    'NKEY',
    'NDEL',
    'PRXY',
    'RFWD',
    'toString',
    '\0',
  ])('there is no command %j', async (command) => {
    const a = await station().stranger();
    expect(await a.tell(NONE, command)).toBe('ERR CMD UNKNOWN');
    expect(await a.tell(Buffer.alloc(24), command, newKey())).toBe('ERR CMD UNKNOWN');
  });

  test.each(['OK', 'PONG', 'SOK 0', 'END', 'DELD', 'IDS ', 'MSG ', 'LNK ', 'INFO {}', 'ERR AUTH'])(
    'the response %s is no command',
    async (response) => {
      const a = await station().stranger();
      expect(await a.tell(NONE, response)).toBe('ERR CMD UNKNOWN');
    },
  );

  test.each([
    ...['SUB', 'GET', 'LDEL', 'OFF', 'DEL', 'QUE'].flatMap((name) => [`${name} `, `${name} x`]),
    ...[
      'NEW',
      'NEW ',
      'ACK',
      'ACK ',
      'KEY',
      'KEY ',
      'RKEY ',
      'SKEY ',
      'LKEY ',
      'LSET ',
      'SEND',
      'SEND ',
      'SEND X ',
    ],
    ...['SEND T', 'SEND TT', 'PING PING', 'LGET x', 'ACK \x02m', 'KEY \x03key', 'LSET \x01l\0\x02f'],
  ])('%j is wrong in its parameters', async (command) => {
    const a = await station().stranger();
    expect(await a.tell(randomBytes(24), command, newKey())).toBe('ERR CMD SYNTAX');
    expect(await a.tell(NONE, command)).toBe('ERR CMD SYNTAX');
  });

  test.each(['ack', 'key', 'skey', 'lkey', 'rkey', 'lset', 'new'] as const)(
    '%s with a byte left over',
    async (name) => {
      const a = await station().stranger();
      const key = newKey();
      const whole = {
        ack: commands.ack(Buffer.alloc(24)),
        key: commands.key(key.der),
        skey: commands.skey(key.der),
        lkey: commands.lkey(key.der),
        rkey: commands.rkey(key.der),
        lset: commands.lset('link', 'fixed', 'user'),
        new: commands.new({ key: key.der, dhKey: key.der }),
      }[name];
      const entityId = name === 'new' ? NONE : randomBytes(24);
      expect(await a.tell(entityId, whole, key)).toMatch(/^(ERR AUTH|IDS)$/);
      expect(await a.tell(entityId, bytes(whole, 'x'), key)).toBe('ERR CMD SYNTAX');
      expect(await a.tell(entityId, whole.subarray(0, -1), key)).toBe('ERR CMD SYNTAX');
    },
  );

  test('the bytes 0 and 1 are no Maybe: it is the characters', async () => {
    const a = await station().stranger();
    const { der } = newKey();
    const tail = (...maybes: string[]) =>
      bytes('NEW ', short(der), short(der), maybes[0], 'S', maybes[1], maybes[2]);
    const key = newKey();
    for (const maybes of ['\0' + '00', '0\0' + '0', '00\0', '\x01\0' + '00', '200', '020', '002']) {
      expect(await a.tell(NONE, tail(...maybes), key)).toBe('ERR CMD SYNTAX');
    }
    expect(await a.tell(NONE, tail('0', '0', '0'), key)).toBe('ERR AUTH');
  });

  test.each<[string, Buffer]>([
    ['empty', NONE],
    ['of no transmission', Buffer.from([0])],
    ['with bytes left over', bytes(block([ping]), 'x')],
    ['cut', block([ping]).subarray(0, -1)],
    ['with a count that is too large', bytes(Uint8Array.of(2), block([ping]).subarray(1))],
    ['with a count that is too small', bytes(Uint8Array.of(1), block([ping, ping]).subarray(1))],
    ['with a length beyond the end', bytes(Uint8Array.of(1), word16(65_535), ping)],
    ['of text', bytes('{"hello":"world"}')],
  ])('a block %s is refused whole', async (_, payload) => {
    const a = await station().stranger();
    a.publish(payload);
    const heard = await a.push();
    expect([heard.corrId, heard.entityId, told(heard)]).toEqual([NONE, NONE, 'ERR BLOCK']);
    expect(await a.rest()).toEqual([]);
  });

  test('nothing of a bad block is executed', async () => {
    const [a, b] = await station().strangers(2);
    const queue = await a.create();
    const send = b.say(queue.senderId, commands.send('hello')).transmission;
    b.publish(bytes(block([send]), 'x'));
    expect(told(await b.push())).toBe('ERR BLOCK');
    expect(await a.rest()).toEqual([]);
  });

  test('a transmission that cannot be read does not harm the others in its block', async () => {
    const a = await station().stranger();
    const [first, last] = [a.say(NONE, 'PING'), a.say(NONE, 'PING')];
    const bad = [bytes('\x40abc'), NONE, bytes(short(Buffer.alloc(64)), '2', short('c'), short(NONE), 'SUB')];
    const heard = Promise.all([first, last].map(({ corrId }) => a.answer(corrId)));
    a.publish(block([first.transmission, ...bad, last.transmission]));
    expect((await heard).map(told)).toEqual(['PONG', 'PONG']);
    expect(told(a.blocks[0][0])).toBe('ERR BLOCK');
    expect(await a.rest()).toEqual(['ERR BLOCK', 'ERR BLOCK', 'ERR BLOCK']);
  });

  test('255 commands in one block are answered in one block, in order', async () => {
    const a = await station().stranger();
    const said = Array.from({ length: 255 }, () => a.say(NONE, 'PING'));
    await a.askAll(said);
    const [answered] = a.blocks;
    expect(answered.map(({ corrId }) => corrId)).toEqual(said.map(({ corrId }) => corrId));
  });

  test('135 SUBs in one block, and their messages', async () => {
    const [a, b] = await station().strangers(2);
    const queues = await Promise.all(Array.from({ length: 135 }, () => a.create({ key: newKey('ed25519') })));
    await b.askAll(queues.map(({ senderId }) => b.say(senderId, commands.send('hello'))));
    const subs = queues.map((queue) => b.say(queue.recipientId, 'SUB', queue.key));
    expect(subs.every(({ transmission }) => transmission.length === 119)).toBe(true);
    expect((await b.askAll(subs)).map(told)).toEqual(queues.map(() => 'SOK'));
    const messages = await Promise.all(queues.map(() => b.push()));
    expect(messages.map(({ entityId }) => entityId)).toEqual(queues.map(({ recipientId }) => recipientId));
    // four messages of 16,122 bytes are a block of at most 65,536
    const sizes = b.blocks.map((heard) => heard.filter((one) => told(one) === 'MSG').length);
    expect(Math.max(...sizes)).toBe(4);
    expect((await a.rest()).filter((response) => response === 'END')).toHaveLength(135);
  });

  test('commands of one block see what those before them did', async () => {
    const a = await station().stranger();
    const queue = await a.create({ mode: 'M', subscribe: false });
    const key = newKey();
    const own = (command: string | Buffer) => a.say(queue.recipientId, command, queue.key);
    const heard = await a.askAll([
      a.say(queue.senderId, commands.skey(key.der), key),
      a.say(queue.senderId, commands.send('hello')),
      a.say(queue.senderId, commands.send('hello'), key),
      own('GET'),
      own('OFF'),
      a.say(queue.senderId, commands.send('hello'), key),
      own('DEL'),
      own('GET'),
    ]);
    expect(heard.map(told)).toEqual(['OK', 'ERR AUTH', 'OK', 'MSG', 'OK', 'ERR AUTH', 'OK', 'ERR AUTH']);
  });

  test('one refused command does not stop the others', async () => {
    const a = await station().stranger();
    const said = ['PING', 'HELLO', 'PING', 'PING x'].map((command) => a.say(NONE, command));
    expect((await a.askAll(said)).map(told)).toEqual(['PONG', 'ERR CMD UNKNOWN', 'PONG', 'ERR CMD SYNTAX']);
  });

  test('a block of 800 KB', async () => {
    const [a, b] = await station().strangers(2);
    const queues = await Promise.all(Array.from({ length: 50 }, () => a.create({ subscribe: false })));
    const body = randomBytes(16_048);
    const sends = queues.map(({ senderId }) => b.say(senderId, commands.send(body)));
    expect((await b.askAll(sends)).map(told)).toEqual(queues.map(() => 'OK'));
  });

  describe('sessions', () => {
    const outcome = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'answered',
        () => 'not answered',
      );

    test('each has an id and a key of its own', async () => {
      const [a, b] = await station().strangers(2);
      expect([a.sessionId.length, a.sessionKey.length]).toEqual([32, 44]);
      expect(a.sessionId).not.toEqual(b.sessionId);
      expect(a.sessionKey).not.toEqual(b.sessionKey);
    });

    test('the same corrId in two sessions is answered in each', async () => {
      const [a, b] = await station().strangers(2);
      const corrId = randomBytes(24);
      const heard = await Promise.all([a, b].map((one) => one.ask(NONE, 'PING', undefined, { corrId })));
      expect(heard.map(told)).toEqual(['PONG', 'PONG']);
    });

    test.each(['ab'.repeat(32), 'x', '0'])(
      'a block in the session %s is ERR SESSION, and not executed',
      async (session) => {
        const [a, b] = await station().strangers(2);
        const queue = await a.create();
        b.publish(block([b.say(queue.senderId, commands.send('hello')).transmission]), session);
        const heard: Heard = await b.push();
        expect([heard.corrId, heard.entityId, told(heard)]).toEqual([NONE, NONE, 'ERR SESSION']);
        expect(await a.rest()).toEqual([]);
      },
    );

    test.each(['', 'a b', 'a.>', 'a.*', '.a', 'a..b', 'ü', 'x'.repeat(256)])(
      'a hello for the inbox %j is not answered',
      async (inbox) => {
        const asked = station().nats.request(`smp.${SERVER}.hello`, inbox, { timeout: 150 });
        expect(await outcome(asked)).toBe('not answered');
      },
    );

    test('a server that is not there is known at once', async () => {
      await expect(Stranger.open(station().nats, 'nobody')).rejects.toThrow('no responders');
    });

    test('the trace of a SEND goes on with its message', async () => {
      const [a, b] = await station().strangers(2);
      const queue = await a.create();
      const said = b.say(queue.senderId, commands.send('hello'));
      const trace = '0af7651916cd43dd8448eb211c80319c';
      const carrier = headers();
      carrier.append('traceparent', `1 00-${trace}-b7ad6b7169203331-01`);
      const overheard = station().nats.subscribe(a.inbox, { max: 1 });
      const subject = `smp.${SERVER}.block.${b.sessionId.toString('hex')}`;
      const payload = block([b.say(NONE, 'PING').transmission, said.transmission]);
      station().nats.publish(subject, payload, { reply: b.inbox, headers: carrier });
      for await (const message of overheard) {
        expect(message.headers?.get('traceparent')).toMatch(new RegExp(`^0 00-${trace}-[0-9a-f]{16}-01$`));
      }
      expect(await a.pushed(queue)).toBe('MSG hello');
    });

    test('headers that are no traces are ignored', async () => {
      const a = await station().stranger();
      const said = a.say(NONE, 'PING');
      const carrier = headers();
      for (const value of ['junk', '0 junk', '999 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']) {
        carrier.append('traceparent', value);
      }
      const heard = a.answer(said.corrId);
      const subject = `smp.${SERVER}.block.${a.sessionId.toString('hex')}`;
      station().nats.publish(subject, block([said.transmission]), { reply: a.inbox, headers: carrier });
      expect(told(await heard)).toBe('PONG');
    });
  });
}

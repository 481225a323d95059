import {
  packBlocks,
  readTransmission,
  tagNumber,
  tagOf,
  unpackBlock,
  type Transmission,
} from './transmission';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const transmission = (more: Partial<Transmission> = {}): Transmission => ({
  authorization: bytes('a'.repeat(64)),
  corrId: bytes('corr'),
  entityId: bytes('entity'),
  body: bytes('SEND F hi'),
  ...more,
});

/** The only block of these transmissions, without its count and their lengths. */
const written = (one: Transmission): Buffer => packBlocks([one])[0].subarray(3);

test('every transmission that is cut short before its command is refused, whatever follows it in the block', () => {
  const whole = written(transmission({ serviceSignature: bytes('s'.repeat(64)) }));
  const head = whole.length - 'SEND F hi'.length;
  for (let length = 0; length < head; length++) {
    const cut = whole.subarray(0, length);
    expect(readTransmission(cut)).toEqual({ ok: false, error: 'BLOCK' });
    const block = Buffer.concat([bytes('\x02'), word(length), cut, word(whole.length), whole]);
    const [first, second] = unpacked(block);
    expect([first.ok, second.ok]).toEqual([false, true]);
  }
  expect(readTransmission(whole.subarray(0, head))).toMatchObject({ ok: true, value: { body: bytes('') } });
});

test('a service signature is present or absent, and nothing else', () => {
  const plain = written(transmission());
  const mark = 1 + 64;
  expect(String.fromCharCode(plain[mark])).toBe('0');
  const read = readTransmission(plain);
  expect(read.ok && 'serviceSignature' in read.value).toBe(false);
  plain[mark] = 0x32;
  expect(readTransmission(plain)).toEqual({ ok: false, error: 'BLOCK' });
});

test('a block that ends too soon or too late is refused whole', () => {
  const [block] = packBlocks([transmission(), transmission()]);
  for (let length = 0; length < block.length; length++) {
    expect(unpackBlock(block.subarray(0, length)).ok).toBe(false);
  }
  expect(unpackBlock(Buffer.concat([block, bytes('\0')])).ok).toBe(false);
  expect(unpackBlock(block).ok).toBe(true);
});

test('tags are what is before the first space; longer ones and zero bytes are of no kind', () => {
  expect([tagOf(bytes('OK')), tagOf(bytes('SEND F hi'))]).toEqual([tagNumber('OK'), tagNumber('SEND')]);
  expect(['', ' SEND', 'SENDS', '\0OK', 'OK\0'].map((text) => tagOf(bytes(text)))).toEqual([0, 0, 0, 0, 0]);
  expect(tagOf(bytes('SEN\xc4'))).not.toBe(tagNumber('SEND'));
});

function word(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function unpacked(block: Buffer) {
  const read = unpackBlock(block);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

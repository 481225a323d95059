import fc from 'fast-check';
import {
  decodeBody,
  encodeBatch,
  encodeForward,
  fitBatch,
  maxBatchElementSize,
  maxEncodedMsgLength,
} from './index';

const sized = (...lengths: number[]) => lengths.map((length) => ({ length }));

describe('fitBatch', () => {
  test('fills a batch to the last byte', () => {
    expect(fitBatch(sized(7798, 7798))).toEqual({ count: 2, oversized: false });
    expect(fitBatch(sized(7798, 7799))).toEqual({ count: 1, oversized: false });
  });

  test('takes 255 elements and no more', () => {
    expect(fitBatch(sized(...Array<number>(256).fill(1)))).toEqual({ count: 255, oversized: false });
  });

  test('stops at the first that does not fit: a later, smaller one must not overtake it', () => {
    expect(fitBatch(sized(10_000, 10_000, 10))).toEqual({ count: 1, oversized: false });
  });

  test('reports an element that fits no batch, after those before it', () => {
    expect(fitBatch(sized(maxBatchElementSize))).toEqual({ count: 1, oversized: false });
    expect(fitBatch(sized(maxBatchElementSize + 1))).toEqual({ count: 0, oversized: true });
    expect(fitBatch(sized(5, maxBatchElementSize))).toEqual({ count: 1, oversized: false });
    expect(fitBatch(sized(5, maxBatchElementSize + 1, 5))).toEqual({ count: 1, oversized: true });
  });

  test('goes on from a position', () => {
    expect(fitBatch(sized(15_000, 15_000, 100), 1)).toEqual({ count: 2, oversized: false });
    expect(fitBatch(sized(1), 1)).toEqual({ count: 0, oversized: false });
  });

  test('cuts any list into batches that fit, without loss and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: maxBatchElementSize }), { maxLength: 600 }), (lengths) => {
        const elements = lengths.map((length) => new Uint8Array(length));
        let sent = 0;
        while (sent < elements.length) {
          const { count, oversized } = fitBatch(elements, sent);
          expect(count).toBeGreaterThan(0);
          expect(oversized).toBe(false);
          expect(encodeBatch(elements.slice(sent, sent + count)).length).toBeLessThanOrEqual(
            maxEncodedMsgLength,
          );
          sent += count;
        }
        expect(sent).toBe(elements.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('encodeBatch', () => {
  test('refuses what cannot be framed, as our own mistake', () => {
    expect(() => encodeBatch(Array<Uint8Array>(256).fill(new Uint8Array(0)))).toThrow(RangeError);
    expect(() => encodeBatch([new Uint8Array(0x10000)])).toThrow(RangeError);
  });
});

test('elements of a batch, and what they forward, are views of the body, not copies', () => {
  const message = new TextEncoder().encode('{"event":"x.ok","params":{}}');
  const body = encodeBatch([message, encodeForward({ kind: 'channel' }, 0, message)]);
  const views = decodeBody(body).flatMap((result) => {
    if (!result.ok) return [];
    const element = result.value;
    return element.kind === 'forwarded' ? [element.bytes, element.element.bytes] : [element.bytes];
  });
  expect(views.map((view) => view.buffer === body.buffer)).toEqual([true, true, true]);
});

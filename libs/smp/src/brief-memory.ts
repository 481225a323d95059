/** Many pieces share one of these, so that a piece costs a view and no allocation. */
const SHEET_BYTES = 65_536;
/** Longer pieces have memory of their own. */
const LONGEST_PIECE = SHEET_BYTES / 4;

let sheet = Buffer.alloc(0);
let used = 0;

/**
 * Memory for what is soon let go: one piece that is kept holds 64 KiB. What is in it is of no meaning. Nothing is handed
 * out twice.
 */
export function briefMemory(bytes: number): Buffer {
  if (bytes > LONGEST_PIECE) return Buffer.allocUnsafeSlow(bytes);
  if (used + bytes > sheet.length) {
    sheet = Buffer.allocUnsafeSlow(SHEET_BYTES);
    used = 0;
  }
  const start = used;
  used += bytes;
  return sheet.subarray(start, used);
}

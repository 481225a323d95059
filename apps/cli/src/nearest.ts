/** How many letters have to be added, left out or changed to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The candidate that is most like what was written; each is compared with as many words as it has. */
export function nearest(written: string, candidates: readonly string[]): string {
  const words = written.toLowerCase().split(/\s+/);
  const scored = candidates.map((candidate) => {
    const compared = words.slice(0, candidate.split(' ').length).join(' ');
    return { candidate, score: distance(compared, candidate) / Math.max(compared.length, candidate.length) };
  });
  return scored.reduce((best, one) => (one.score < best.score ? one : best)).candidate;
}

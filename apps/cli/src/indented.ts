/** A text as it was written, its further lines set in. */
export function indented(before: string, text: string): string[] {
  return `${before}${text}`
    .split('\n')
    .map(harmless)
    .map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** What somebody sent must not steer the terminal of whoever reads it: control characters are shown as `\u001b`. */
export function harmless(line: string): string {
  return line.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

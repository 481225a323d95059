const generated = '<!-- Generated from the tables by `npm run docs`. -->\n';

export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(word: string): string {
  return word === '' ? '' : `\`${word}\``;
}

/** Parts with an empty line between them, and a line break at the end. */
export function page(...parts: readonly string[]): string {
  return `${[generated, ...parts].map((part) => part.trim()).join('\n\n')}\n`;
}

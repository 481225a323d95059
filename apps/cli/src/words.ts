import { type Command, Mistake } from './command';

export function oneWord(rest: string, what: string): string {
  const [word, ...more] = rest.split(/\s+/);
  if (!word) throw new Mistake(`${what} is expected`);
  if (more.length > 0) throw new Mistake(`only ${what} is expected, "${shown(more.join(' '))}" is too much`);
  return word;
}

export function twoWords(rest: string, what: string): [string, string] {
  const [first, second, ...more] = rest.split(/\s+/);
  if (!first || !second) throw new Mistake(`${what} is expected`);
  if (more.length > 0) throw new Mistake(`only ${what} is expected, "${shown(more.join(' '))}" is too much`);
  return [first, second];
}

export function nothing(rest: string, command: Command): Command {
  if (rest) throw new Mistake(`nothing is expected after it, "${shown(rest)}" is too much`);
  return command;
}

export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

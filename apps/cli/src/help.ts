import { forms, usage } from './forms';

const options = [
  ['--owner <name>', 'who owns, alice unless said'],
  ['--as <member>', 'who joins and reads, bob unless said'],
  ['--wait', 'comes back when what was begun has ended'],
  ['--for <seconds>', 'how long /watch watches'],
  ['--json', "the service's reply as it is"],
];

export function helpLines(): string[] {
  const commands = [
    ...forms.map((form) => [usage(form), form.does]),
    ['#news hello', 'sends to a channel; in a shell, in quotes: "#news hello"'],
  ];
  const width = Math.max(...[...commands, ...options].map(([what]) => what.length));
  const line = ([what, does]: string[]): string => `  ${what.padEnd(width)}  ${does}`;
  return ['npm run chat -- "<command>" [options]', '', ...commands.map(line), '', ...options.map(line)];
}

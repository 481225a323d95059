import { SetupError } from './setup-error';

/** `--name=value` in its two parts; the value is undefined where there is no `=`: then it is the next argument. */
export function splitOption(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  return equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** without a fraction */
  readonly whole: boolean;
}

/** @throws {SetupError} that names the option, what it takes and what it was given */
export function numberOption(
  option: string,
  value: string | undefined,
  { least, most, whole }: NumberRange,
): number {
  const number = Number(value);
  const right = value !== undefined && /^\d+(\.\d+)?$/.test(value) && number >= least && number <= most;
  if (right && (!whole || Number.isInteger(number))) return number;
  throw new SetupError(
    `${option} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, and was given ${shownValue(value)}.`,
  );
}

/** A value in a sentence. */
export function shownValue(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}

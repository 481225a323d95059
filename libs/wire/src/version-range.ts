import { failure, success } from './result';
import type { Codec } from './schema';

/** Versions of the chat protocol, both ends included. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

const maxVersion = 0xffff;

/** `"min-max"`, or `"n"` when both ends are the same. */
export const versionRange: Codec<VersionRange> = {
  decode(json, path) {
    const match = typeof json === 'string' ? /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(json) : null;
    if (match === null) return failure(path, 'expected a version range');
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : Number(match[2]);
    return min <= max && max <= maxVersion
      ? success({ min, max })
      : failure(path, 'expected a version range from lower to higher');
  },
  encode: ({ min, max }) => (min === max ? `${min}` : `${min}-${max}`),
};

/** What we speak and send: upstream's `supportedChatVRange` at the pin. */
export const supportedVersions: VersionRange = { min: 1, max: 19 };

/** What a message without `v` means: upstream's `chatInitialVRange`. */
export const initialVersions: VersionRange = { min: 1, max: 1 };

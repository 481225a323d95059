import { decodeBase64Url } from '../base64url';
import type { GroupProfile } from './profile';

/** Ids and keys of the examples, in the text that they have in JSON. */
function exampleBytes(text: string): Uint8Array {
  const bytes = decodeBase64Url(text);
  if (bytes === undefined) throw new Error(`example is not base64url: ${text}`);
  return bytes;
}

export const exampleOwnerId = exampleBytes('b3duZXItMDAwMDAwMDAwMQ==');
export const exampleRelayId = exampleBytes('cmVsYXktMDAwMDAwMDAwMQ==');
export const exampleMemberId = exampleBytes('bWVtYmVyLTAwMDAwMDAwMQ==');
export const exampleMessageId = exampleBytes('bWVzc2FnZS0wMDAwMDAwMQ==');

/** X.509 DER of the Ed25519 key of RFC 8032's first test */
export const exampleOwnerKey = exampleBytes('MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=');
export const exampleGroupId = exampleBytes('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=');
export const exampleRelayAddress = 'https://smp.example.com/r#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA';
export const exampleGroupLink = 'https://smp.example.org/c#4pVnVdtcDUD5KW3ETScPGJCCZHOJCbQwRXMAjZXh1LI';
export const exampleRelayLink = 'https://smp.example.com/g#0d6lFCkrWy4cEmV6ysZYFXJRbCWTBjVtiIv3SqJCqXA';

export const exampleGroupProfile: GroupProfile = {
  displayName: 'news',
  fullName: 'Daily news',
  publicGroup: {
    groupType: 'channel',
    groupLink: exampleGroupLink,
    publicGroupId: exampleGroupId,
  },
};

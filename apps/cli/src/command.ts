/** What a person asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list relays' }
  | { readonly kind: 'replace relays'; readonly relays: readonly { name: string; address: string }[] }
  | { readonly kind: 'create group'; readonly group: string; readonly relays: readonly number[] }
  | { readonly kind: 'get relays'; readonly group: string }
  | { readonly kind: 'add relays'; readonly group: string; readonly relays: readonly number[] }
  | { readonly kind: 'show link'; readonly group: string }
  | { readonly kind: 'list groups' }
  | { readonly kind: 'send'; readonly group: string; readonly text: string }
  | { readonly kind: 'join'; readonly link: string }
  | { readonly kind: 'tail'; readonly group: string; readonly count: number }
  /** a group by its name or its link */
  | { readonly kind: 'members'; readonly group: string }
  | { readonly kind: 'relay address'; readonly relay: string }
  | { readonly kind: 'relay groups'; readonly relay: string };

/** The person wrote something that is no command; the message is a sentence that says what. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}

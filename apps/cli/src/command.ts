/** What a person asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list relays' }
  | { readonly kind: 'replace relays'; readonly relays: readonly { name: string; address: string }[] }
  | {
      readonly kind: 'create group';
      readonly group: string;
      readonly relays: readonly number[];
      readonly protocol?: string;
    }
  | { readonly kind: 'get relays'; readonly group: string }
  | { readonly kind: 'add relays'; readonly group: string; readonly relays: readonly number[] }
  | { readonly kind: 'remove relay'; readonly group: string; readonly relay: string; readonly force: boolean }
  | { readonly kind: 'retry group'; readonly group: string }
  | { readonly kind: 'retry relay'; readonly group: string; readonly relay: string }
  | { readonly kind: 'show link'; readonly group: string }
  | { readonly kind: 'list groups' }
  | { readonly kind: 'send'; readonly group: string; readonly text: string }
  | { readonly kind: 'join'; readonly link: string; readonly again: boolean }
  | { readonly kind: 'tail'; readonly group: string; readonly count: number }
  | { readonly kind: 'divergences'; readonly group: string }
  | { readonly kind: 'gaps' | 'history'; readonly group: string }
  /** a group by its name or its link */
  | { readonly kind: 'members'; readonly group: string }
  | { readonly kind: 'relay address'; readonly relay: string }
  | { readonly kind: 'relay groups'; readonly relay: string }
  /** changes of statuses: of one channel, or of all */
  | { readonly kind: 'watch'; readonly group?: string }
  | SmpCommand;

/** To an SMP server, by its host name; queues by sender or link id in base64url. */
export type SmpCommand = { readonly server: string } & (
  | { readonly kind: 'smp show' }
  /** as SMP_FAULTS takes them; nothing is no faults */
  | { readonly kind: 'smp faults'; readonly text: string }
  | { readonly kind: 'smp pause'; readonly ms?: number }
  | { readonly kind: 'smp resume' }
  | { readonly kind: 'smp block'; readonly id: string; readonly reason: 'spam' | 'content' }
  | { readonly kind: 'smp queue' | 'smp unblock' | 'smp delete'; readonly id: string }
);

/** The person wrote something that is no command; the message is a sentence that says what. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}

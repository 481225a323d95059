import { type CommandKind, commands } from '../commands';
import { isStraight } from '../derive';
import type { AnyDialogue, Ask } from '../machine';
import type { ProtocolName } from '../protocols/names';
import { protocols } from '../protocols/protocols';
import type { Noun } from '../record';
import type { Arrow } from './arrow';

/** What happens in one or more of the protocols, and where it is found: as a command, as an event, or on the diagram alone. */
interface Stage {
  readonly what: string;
  readonly noun?: Noun;
  readonly asks?: { readonly kind: readonly CommandKind[]; readonly send?: string; readonly after?: string };
  readonly on?: { readonly event: string; readonly to: string };
  readonly drawn?: RegExp;
  /** who asks whom, where the rows are of the half that is asked */
  readonly who?: string;
}

// prettier-ignore
export const stages: readonly Stage[] = [
  { what: 'links are made that groups can take later',           noun: 'pool_link',         asks: { kind: ['NEW'] } },
  { what: 'the group begins',                                    noun: 'group',             on: { event: 'group.create', to: 'New' } },
  { what: 'link and owner key are known',                        drawn: /^Prepare group link/ },
  { what: 'they become part of the profile, before the link is made', drawn: /^Add link, owner key to group profile/ },
  { what: 'the group link is made',                              noun: 'group',             asks: { kind: ['NEW'] } },
  { what: 'the link becomes part of the profile, after it was made', drawn: /^Add link to group profile/ },
  { what: 'relays are chosen',                                   noun: 'group_relay',       on: { event: 'relay.chosen', to: 'New' } },
  { what: 'a relay is invited',                                  noun: 'group_relay',       asks: { kind: ['JOIN'], send: 'x.grp.relay.inv' } },
  { what: 'it reads the group link before it makes anything',    noun: 'relay_own',         asks: { kind: ['LGET'], after: 'x.grp.relay.inv' } },
  { what: 'it checks the profile and its signature',             noun: 'relay_own',         on: { event: 'LDATA', to: 'Validated' } },
  { what: 'it makes the relay link',                             noun: 'relay_own',         asks: { kind: ['NEW'] } },
  { what: 'it takes a relay link that is ready',                 noun: 'relay_own',         asks: { kind: ['TAKE'] } },
  { what: 'it accepts, and gives the relay link',                noun: 'relay_own',         asks: { kind: ['ACPT'], send: 'x.grp.relay.acpt' } },
  { what: 'the relay link is put into the group link',           noun: 'group_relay',       asks: { kind: ['LSET'], after: 'x.grp.relay.acpt' } },
  { what: 'the relay is told so',                                noun: 'group_relay',       asks: { kind: ['SEND'], send: 'x.grp.info' } },
  { what: 'it reads the group link',                             noun: 'relay_own',         asks: { kind: ['LGET'], after: 'x.grp.info' } },
  { what: 'it finds its link there',                             noun: 'relay_own',         on: { event: 'LDATA', to: 'Confirmed' } },
  { what: 'it confirms',                                         noun: 'relay_own',         asks: { kind: ['SEND'], send: 'x.grp.relay.ready' } },
  { what: 'the owner connects via the relay link, with the same key', noun: 'relay_connection', asks: { kind: ['JOIN'], send: 'x.contact' } },
  { what: 'the relay knows the key, and serves',                 noun: 'owner_connection',  asks: { kind: ['ACPT'], send: 'x.ok' } },
  { what: 'it looks who invited it, and whether it is listed', noun: 'relay_own',       asks: { kind: ['LGET'], after: 'SENT' } },
  { what: 'the group link is shared',                            drawn: /^Share group short link/ },
  { what: 'a member reads it',                                   noun: 'membership',        asks: { kind: ['LGET'] } },
  { what: 'it connects via each relay link',                     noun: 'member_connection', asks: { kind: ['JOIN'], send: 'x.member' } },
  { what: 'the relay accepts the member',                        noun: 'group_member',      asks: { kind: ['ACPT'], send: 'x.grp.link.inv' } },
  { what: 'the relay accepts the connection for requests',       noun: 'priority_connection', asks: { kind: ['ACPT'], send: 'x.grp.link.inv' } },
  { what: 'the owner sends to its relays',                       noun: 'delivery_job',      on: { event: 'x.msg.new', to: 'Pending' }, who: 'owner → relay' },
  { what: 'they forward to their members',                       noun: 'delivery_job',      on: { event: 'page sent', to: 'Pending' }, who: 'relay → member' },
  { what: 'a member keeps one of the copies',                    noun: 'message',           on: { event: 'x.grp.msg.forward', to: 'Received' } },
];

/** Where a stage is in one protocol. */
export interface Place {
  readonly step: string;
  readonly who: string;
  readonly message?: string;
}

export function placesOf(stage: Stage, protocol: ProtocolName, arrows: readonly Arrow[]): Place[] {
  const { drawn, noun } = stage;
  if (drawn) {
    const found = arrows.filter(({ diagram, text }) => diagram === protocol && drawn.test(text));
    return found.map(({ step, from, to }) => ({ step, who: from === to ? from : `${from} → ${to}` }));
  }
  return protocols[protocol]
    .filter((dialogue) => dialogue.noun === noun)
    .flatMap((dialogue) => [...askedIn(stage, dialogue), ...happensIn(stage, dialogue)]);
}

function askedIn({ asks }: Stage, dialogue: AnyDialogue): Place[] {
  if (!asks) return [];
  const found = dialogue.rows
    .filter((row) => isStraight(row) && (asks.after === undefined || row.on === asks.after))
    .flatMap(({ ask }) => ask ?? [])
    .filter(({ kind, send }) => asks.kind.includes(kind) && (asks.send === undefined || send === asks.send));
  return [...new Map(found.map((ask) => [ask.step, ask])).values()].map((ask) => ({
    step: ask.step,
    who: road(dialogue, ask),
    message: ask.send,
  }));
}

function happensIn({ on, who }: Stage, dialogue: AnyDialogue): Place[] {
  const row = dialogue.rows.find((one) => isStraight(one) && one.on === on?.event && one.to === on.to);
  return row ? [{ step: row.step, who: who ?? dialogue.half }] : [];
}

/** Who asks whom: the other half with what is said, an SMP server with what is not. */
function road({ half, name }: AnyDialogue, { kind, send }: Ask): string {
  if (send !== undefined) return `${half} → ${answering(half, name)}`;
  const [first] = commands[kind].smp;
  if (!first) return half;
  return `${half} → ${first.at === 'own' ? half : 'owner'}'s SMP server`;
}

function answering(half: AnyDialogue['half'], name: string): string {
  if (half === 'relay') return name === 'group.join' ? 'member' : 'owner';
  return 'relay';
}

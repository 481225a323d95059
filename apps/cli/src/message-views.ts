import { indented } from './indented';

interface Copy {
  readonly relayLink: string;
  readonly text: string;
}

interface ShownMessage extends Copy {
  readonly messageId: string;
  readonly corroborated: boolean;
  readonly receivedAt: number;
}

interface Divergence extends Copy {
  readonly messageId: string;
  readonly first: Copy;
}

interface Gap {
  readonly relayLink: string;
  readonly from: number;
  /** unknown where the queue itself was lost */
  readonly to?: number;
  readonly noticedAt: number;
  readonly others: number;
}

interface Gaps {
  readonly gaps: readonly Gap[];
  /** relays can be asked for it */
  readonly canAsk: boolean;
}

interface Circumstances extends Gaps {
  /** how many the member is connected to: with one there is nobody to agree with */
  readonly relays: number;
  readonly divergences: readonly Divergence[];
}

/** Messages, below each where relays do not agree on it, and between them where some are missing. */
export function viewReceived(
  group: string,
  messages: readonly ShownMessage[],
  { relays, divergences, gaps, canAsk }: Circumstances,
): string[] {
  const noticed = (since: number, until: number): string[] =>
    gaps
      .filter(({ noticedAt }) => noticedAt > since && noticedAt <= until)
      .flatMap((gap) => missing(group, gap));
  const last = messages.at(-1)?.receivedAt ?? 0;
  const end = [...noticed(last, Infinity), ...asking(group, { gaps, canAsk })];
  if (messages.length === 0) return [`#${group}: no messages yet`, ...end];
  const lines = messages.flatMap(({ messageId, text, relayLink, corroborated, receivedAt }, at) => [
    ...noticed(at === 0 ? 0 : messages[at - 1].receivedAt, receivedAt),
    ...indented(`#${group}> `, text),
    ...(relays > 1 && !corroborated ? [`  so far only from relay ${shortened(relayLink)}`] : []),
    ...divergences
      .filter((divergence) => divergence.messageId === messageId)
      .flatMap((divergence) => indented('  ', otherwise(divergence))),
  ]);
  return [...lines, ...end];
}

export function viewGaps(group: string, { gaps, canAsk }: Gaps): string[] {
  if (gaps.length === 0) return [`#${group}: nothing that relays sent is missing`];
  const lines = gaps.flatMap((gap) => [
    ...missing(group, gap),
    `  noticed at ${new Date(gap.noticedAt).toISOString().replace(/\.\d+/, '')}`,
  ]);
  return [...lines, ...asking(group, { gaps, canAsk })];
}

function asking(group: string, { gaps, canAsk }: Gaps): string[] {
  return canAsk && gaps.length > 0
    ? [`"/history #${group}" asks the relays for their last 100 messages`]
    : [];
}

/** How many posts there were in them nobody knows, nor which. */
function missing(group: string, { relayLink, from, to, others }: Gap): string[] {
  return [
    `#${group}: ${extent(shortened(relayLink), from, to)}`,
    others === 0
      ? '  no other relay is known to have brought everything meanwhile'
      : `  nothing is missing of ${others === 1 ? 'another relay' : `${others} other relays`} in that time: probably you have the posts`,
  ];
}

function extent(relay: string, from: number, to: number | undefined): string {
  if (to === undefined)
    return `the SMP server lost the queue of relay ${relay}: what came after its message number ${from - 1} may be missing`;
  const each = 'each may carry several posts';
  return from === to
    ? `1 message of relay ${relay} is missing (number ${from}; ${each})`
    : `${to - from + 1} messages of relay ${relay} are missing (numbers ${from} to ${to}; ${each})`;
}

export function viewDivergences(group: string, divergences: readonly Divergence[]): string[] {
  if (divergences.length === 0) return [`#${group}: no relay said otherwise than the first`];
  return divergences.flatMap((divergence) => [
    ...indented(`#${group}> `, divergence.first.text),
    `  first from relay ${shortened(divergence.first.relayLink)}`,
    ...indented('  ', otherwise(divergence)),
  ]);
}

function otherwise({ relayLink, text, first }: Divergence): string {
  const who = relayLink === first.relayLink ? 'the same relay' : `relay ${shortened(relayLink)}`;
  // the text is not all that is sent
  return text === first.text ? `${who} sent this text in other bytes` : `${who} said otherwise: "${text}"`;
}

/** `https://smp.example/r#abcd…`: enough to tell relays apart */
function shortened(link: string): string {
  return link.replace(/#(.{4}).+$/, '#$1…');
}

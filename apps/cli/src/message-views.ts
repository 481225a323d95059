import { indented } from './indented';

interface Copy {
  readonly relayLink: string;
  readonly text: string;
}

interface ShownMessage extends Copy {
  readonly messageId: string;
  readonly corroborated: boolean;
}

interface Divergence extends Copy {
  readonly messageId: string;
  readonly first: Copy;
}

/**
 * Messages, and below each where relays do not agree on it.
 * @param relays how many the member is connected to: with one there is nobody to agree with
 */
export function viewReceived(
  group: string,
  messages: readonly ShownMessage[],
  relays: number,
  divergences: readonly Divergence[],
): string[] {
  if (messages.length === 0) return [`#${group}: no messages yet`];
  return messages.flatMap(({ messageId, text, relayLink, corroborated }) => [
    ...indented(`#${group}> `, text),
    ...(relays > 1 && !corroborated ? [`  so far only from relay ${shortened(relayLink)}`] : []),
    ...divergences
      .filter((divergence) => divergence.messageId === messageId)
      .flatMap((divergence) => indented('  ', otherwise(divergence))),
  ]);
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

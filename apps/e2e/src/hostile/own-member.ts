import type { Adversary } from './adversary';
import type { Line } from './line';
import { type Persona, plain } from './persona';

/** Joins over a relay link as anybody may: the lines to the relay, for requests and for what is broadcast. */
export async function join(
  adversary: Adversary,
  member: Persona,
  publicGroupId: string,
  relayLink: string,
): Promise<{ requests: Line; messages: Line }> {
  const connect = async (purpose: 'priority' | 'messages') => {
    const line = await adversary.knock(
      relayLink,
      member.signs(publicGroupId, member.joining(relayLink, purpose)),
    );
    await line.hears('x.grp.link.inv');
    await adversary.confirm(line, plain({ event: 'x.ok', params: {} }));
    return line;
  };
  return { requests: await connect('priority'), messages: await connect('messages') };
}

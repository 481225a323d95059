import { type Command, Mistake } from './command';
import type { Form } from './form';
import { nearest } from './nearest';
import { smpForms } from './smp-forms';
import { nothing, oneWord, shown, twoWords } from './words';

/** Every command, in the order of help: SimpleX's where it has one. */
export const forms: readonly Form[] = [
  {
    names: ['/relays'],
    takes: '[name=<name> <address> …]',
    does: "the owner's list of relays, or a new list instead of it",
    read: (rest) => (rest ? { kind: 'replace relays', relays: namedRelays(rest) } : { kind: 'list relays' }),
  },
  {
    names: ['/public group', '/pg'],
    takes: 'relays=1,2 [protocol=full|pooled|paired] #news',
    does: 'creates a channel with relays of the list; --wait shows how they join',
    read: newGroup,
  },
  {
    names: ['/_get relays'],
    takes: '#news',
    does: 'how far each relay of a channel is',
    read: (rest) => ({ kind: 'get relays', group: groupName(oneWord(rest, '#name')) }),
  },
  {
    names: ['/_add relays'],
    takes: '#news 3',
    does: 'adds relays of the list to a channel; --wait shows how they join',
    read: (rest) => {
      const [group, relays] = twoWords(rest, '#name and then positions such as 1,2');
      return { kind: 'add relays', group: groupName(group), relays: positions(relays) };
    },
  },
  {
    names: ['/rm', '/remove'],
    takes: '#news relay-1 [force]',
    does: 'removes a relay from a channel, or stops adding it; the last one only with force',
    read: (rest) => {
      const [group, relay, force, ...more] = rest.split(/\s+/);
      if (!group || !relay) throw new Mistake('#name and then the name of a relay is expected');
      if ((force !== undefined && force !== 'force') || more.length > 0)
        throw new Mistake(`only "force" may follow, not "${shown([force, ...more].join(' '))}"`);
      return { kind: 'remove relay', group: groupName(group), relay, force: force !== undefined };
    },
  },
  {
    names: ['/retry'],
    takes: '#news [relay-1]',
    does: 'adds a relay that is silent or broken from the start again, or begins a channel again that got no link',
    read: (rest) => {
      if (/^\S+$/.test(rest)) return { kind: 'retry group', group: groupName(rest) };
      const [group, relay] = twoWords(rest, '#name and then the name of a relay');
      return { kind: 'retry relay', group: groupName(group), relay };
    },
  },
  {
    names: ['/show link'],
    takes: '#news',
    does: 'the link that members join by',
    read: (rest) => ({ kind: 'show link', group: groupName(oneWord(rest, '#name')) }),
  },
  {
    names: ['/groups', '/gs'],
    takes: '',
    does: "the owner's channels",
    read: (rest) => nothing(rest, { kind: 'list groups' }),
  },
  {
    names: ['/c', '/connect'],
    takes: '<link> [again]',
    does: 'joins a channel as the member, or once more with new connections; --wait shows how the relays accept',
    read: (rest) => {
      const again = / again$/.test(rest);
      return { kind: 'join', link: link(oneWord(rest.replace(/ again$/, ''), 'a link')), again };
    },
  },
  {
    names: ['/tail'],
    takes: '#news [20]',
    does: 'the last messages that the member got, where relays do not agree on them and where some are missing',
    read: (rest) => {
      const [group, count = '20', ...more] = rest.split(/\s+/);
      if (more.length > 0 || !/^\d{1,6}$/.test(count) || Number(count) === 0)
        throw new Mistake(
          `after #name a number of messages is expected, not "${[count, ...more].join(' ')}"`,
        );
      return { kind: 'tail', group: groupName(group), count: Number(count) };
    },
  },
  {
    names: ['/divergences'],
    takes: '#news',
    does: 'what relays said to the member otherwise than the first of them',
    read: (rest) => ({ kind: 'divergences', group: groupName(oneWord(rest, '#name')) }),
  },
  {
    names: ['/gaps'],
    takes: '#news',
    does: 'what relays sent to the member and never came',
    read: (rest) => ({ kind: 'gaps', group: groupName(oneWord(rest, '#name')) }),
  },
  {
    names: ['/history'],
    takes: '#news',
    does: 'asks the relays for their last 100 messages again, of a channel of protocol paired',
    read: (rest) => ({ kind: 'history', group: groupName(oneWord(rest, '#name')) }),
  },
  {
    names: ['/members'],
    takes: '#news | <link>',
    does: 'how many members are how far, what they got and what was dropped as a duplicate',
    read: (rest) => {
      const group = oneWord(rest, '#name or a link');
      return { kind: 'members', group: isLink(group) ? group : groupName(group) };
    },
  },
  {
    names: ['/relay address'],
    takes: '<name>',
    does: "a relay's address, for /relays",
    read: (rest) => ({ kind: 'relay address', relay: oneWord(rest, 'the name of a relay') }),
  },
  {
    names: ['/relay groups'],
    takes: '<name>',
    does: 'the channels that a relay serves',
    read: (rest) => ({ kind: 'relay groups', relay: oneWord(rest, 'the name of a relay') }),
  },
  {
    names: ['/watch'],
    takes: '[#news]',
    does: 'changes of statuses as they come, until Ctrl-C or --for <seconds>',
    read: (rest) => (rest ? { kind: 'watch', group: groupName(oneWord(rest, '#name')) } : { kind: 'watch' }),
  },
  ...smpForms,
  {
    names: ['/help', '/h', '/?'],
    takes: '',
    does: 'these lines',
    read: () => ({ kind: 'help' }),
  },
];

/** One command line. @throws {Mistake} */
export function parseCommand(line: string): Command {
  const written = line.trim();
  if (written.startsWith('#')) return message(written);
  for (const form of forms) {
    const name = form.names.find((each) => written === each || written.startsWith(`${each} `));
    if (name === undefined) continue;
    try {
      return form.read(written.slice(name.length).trim());
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      throw new Mistake(`${name}: ${error.message}; it is used as "${usage(form)}".`);
    }
  }
  const likely = nearest(
    written,
    forms.flatMap(({ names }) => names),
  );
  const form = forms.find(({ names }) => names.includes(likely)) as Form;
  throw new Mistake(`There is no command "${shown(written)}"; the nearest is "${usage(form)}".`);
}

export function usage({ names, takes }: Pick<Form, 'names' | 'takes'>): string {
  return `${names[0]} ${takes}`.trim();
}

/** Everything after the first space is the text, as it is. */
function message(written: string): Command {
  const space = written.indexOf(' ');
  const text = space < 0 ? '' : written.slice(space + 1);
  try {
    if (!text) throw new Mistake('the text of the message is missing');
    return { kind: 'send', group: groupName(space < 0 ? written : written.slice(0, space)), text };
  } catch (error) {
    throw new Mistake(`${shown(written)}: ${(error as Error).message}; it is used as "#news hello".`);
  }
}

function newGroup(rest: string): Command {
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const given = words.filter((word) => word.includes('='));
  const [group, ...more] = words.filter((word) => !word.includes('='));
  const valueOf = (name: string): string | undefined =>
    given.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const [relays, protocol] = [valueOf('relays'), valueOf('protocol')];
  const unknown = given.find((word) => !/^(relays|protocol)=/.test(word)) ?? (relays ? undefined : group);
  if (!group && !relays) throw new Mistake('relays=1,2 and then #name is expected');
  if (unknown !== undefined && unknown !== `#${groupName(unknown)}`)
    throw new Mistake(`relays=1,2 is expected, not "${shown(unknown)}"`);
  if (!group || !relays) throw new Mistake('relays=1,2 and then #name is expected');
  if (more.length > 0) throw new Mistake(`"${shown(more.join(' '))}" is too much`);
  return {
    kind: 'create group',
    relays: positions(relays),
    ...(protocol !== undefined && { protocol }),
    group: groupName(group),
  };
}

function namedRelays(rest: string): { name: string; address: string }[] {
  const words = rest.split(/\s+/);
  const relays: { name: string; address: string }[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [named, address] = words.slice(at, at + 2);
    if (!/^name=./.test(named)) throw new Mistake(`name=<name> is expected, not "${shown(named)}"`);
    if (!address) throw new Mistake(`the address of ${named} is missing`);
    relays.push({ name: named.slice('name='.length), address: link(address) });
  }
  return relays;
}

function positions(list: string): number[] {
  if (!/^\d{1,6}(,\d{1,6})*$/.test(list))
    throw new Mistake(`positions in the list of relays are expected, such as 1,2, not "${shown(list)}"`);
  return list.split(',').map(Number);
}

function groupName(word: string): string {
  const name = word.replace(/^#/, '');
  if (!name) throw new Mistake('#name of a channel is expected');
  return name;
}

function link(word: string): string {
  if (!isLink(word)) throw new Mistake(`a link starts with simplex:/ or https://, "${shown(word)}" does not`);
  return word;
}

function isLink(word: string): boolean {
  return /^(simplex:\/|https:\/\/)/.test(word);
}

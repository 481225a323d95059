import { parseCommand } from './forms';

describe('parseCommand', () => {
  it.each([
    ['/relays', { kind: 'list relays' }],
    [
      '/relays name=bob simplex:/r#x name=cath  https://b/r#y',
      {
        kind: 'replace relays',
        relays: [
          { name: 'bob', address: 'simplex:/r#x' },
          { name: 'cath', address: 'https://b/r#y' },
        ],
      },
    ],
    ['/public group relays=1,2 #news', { kind: 'create group', group: 'news', relays: [1, 2] }],
    ['  /pg relays=3 news ', { kind: 'create group', group: 'news', relays: [3] }],
    [
      '/pg relays=1 protocol=full #news',
      { kind: 'create group', group: 'news', relays: [1], protocol: 'full' },
    ],
    ['/rm #news relay-1', { kind: 'remove relay', group: 'news', relay: 'relay-1', force: false }],
    ['/remove #news relay-1 force', { kind: 'remove relay', group: 'news', relay: 'relay-1', force: true }],
    ['/retry #news', { kind: 'retry group', group: 'news' }],
    ['/retry #news relay-1', { kind: 'retry relay', group: 'news', relay: 'relay-1' }],
    ['/_get relays #news', { kind: 'get relays', group: 'news' }],
    ['/_add relays #news 1,2', { kind: 'add relays', group: 'news', relays: [1, 2] }],
    ['/show link #news', { kind: 'show link', group: 'news' }],
    ['/groups', { kind: 'list groups' }],
    ['/gs', { kind: 'list groups' }],
    ['/c simplex:/c#abc', { kind: 'join', link: 'simplex:/c#abc', again: false }],
    ['/c simplex:/c#abc again', { kind: 'join', link: 'simplex:/c#abc', again: true }],
    ['/connect https://host/c#abc', { kind: 'join', link: 'https://host/c#abc', again: false }],
    ['#news hello', { kind: 'send', group: 'news', text: 'hello' }],
    ['#news  two  spaces #tag /c', { kind: 'send', group: 'news', text: ' two  spaces #tag /c' }],
    ['#news two\nlines', { kind: 'send', group: 'news', text: 'two\nlines' }],
    ['/tail #news', { kind: 'tail', group: 'news', count: 20 }],
    ['/tail #news 5', { kind: 'tail', group: 'news', count: 5 }],
    ['/divergences #news', { kind: 'divergences', group: 'news' }],
    ['/gaps #news', { kind: 'gaps', group: 'news' }],
    ['/history #news', { kind: 'history', group: 'news' }],
    ['/members #news', { kind: 'members', group: 'news' }],
    ['/members simplex:/c#abc', { kind: 'members', group: 'simplex:/c#abc' }],
    ['/relay address relay-1', { kind: 'relay address', relay: 'relay-1' }],
    ['/relay groups relay-1', { kind: 'relay groups', relay: 'relay-1' }],
    ['/watch', { kind: 'watch' }],
    ['/watch #news', { kind: 'watch', group: 'news' }],
    ['/smp show smp.example', { kind: 'smp show', server: 'smp.example' }],
    [
      '/smp faults smp-1 drop-reply SEND p=0.1; pause 500ms',
      { kind: 'smp faults', server: 'smp-1', text: 'drop-reply SEND p=0.1; pause 500ms' },
    ],
    ['/smp clear smp-1', { kind: 'smp faults', server: 'smp-1', text: '' }],
    ['/smp pause smp-1', { kind: 'smp pause', server: 'smp-1' }],
    ['/smp pause smp-1 2s', { kind: 'smp pause', server: 'smp-1', ms: 2_000 }],
    ['/smp pause smp-1 500ms', { kind: 'smp pause', server: 'smp-1', ms: 500 }],
    ['/smp resume smp-1', { kind: 'smp resume', server: 'smp-1' }],
    ['/smp queue smp-1 a-_b', { kind: 'smp queue', server: 'smp-1', id: 'a-_b' }],
    ['/smp block smp-1 abc', { kind: 'smp block', server: 'smp-1', id: 'abc', reason: 'spam' }],
    [
      '/smp block smp-1 abc reason=content',
      { kind: 'smp block', server: 'smp-1', id: 'abc', reason: 'content' },
    ],
    ['/smp unblock smp-1 abc', { kind: 'smp unblock', server: 'smp-1', id: 'abc' }],
    ['/smp delete smp-1 abc', { kind: 'smp delete', server: 'smp-1', id: 'abc' }],
    ['/help', { kind: 'help' }],
    ['/?', { kind: 'help' }],
  ])('%s', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each([
    [
      '/public group #news',
      '/public group: relays=1,2 and then #name is expected; it is used as "/public group relays=1,2 [protocol=full|pooled|paired] #news".',
    ],
    ['/pg 1,2 #news', '/pg: relays=1,2 is expected, not "1,2"'],
    ['/pg relays=a #news', 'positions in the list of relays are expected, such as 1,2, not "a"'],
    ['/pg relays=1, #news', 'positions in the list of relays are expected'],
    ['/pg relays=1 #news x', '"x" is too much'],
    ['/pg relays=1 #', '#name of a channel is expected'],
    ['/relays bob simplex:/r#x', 'name=<name> is expected, not "bob"'],
    ['/relays name= simplex:/r#x', 'name=<name> is expected, not "name="'],
    ['/relays name=bob', 'the address of name=bob is missing'],
    ['/relays name=bob name=cath', 'a link starts with simplex:/ or https://, "name=cath" does not'],
    ['/c news', '"news" does not; it is used as "/c <link> [again]".'],
    ['/c', '/c: a link is expected'],
    ['/tail #news all', 'a number of messages is expected, not "all"'],
    ['/tail #news 0', 'a number of messages is expected, not "0"'],
    ['/tail', '#name of a channel is expected'],
    ['/rm #news', '#name and then the name of a relay is expected'],
    ['/rm #news relay-1 now', 'only "force" may follow, not "now"'],
    ['/retry', '#name and then the name of a relay is expected'],
    ['/groups #news', 'nothing is expected after it, "#news" is too much'],
    ['/relay address', 'the name of a relay is expected'],
    ['/show link', '#name is expected'],
    ['/smp show', '/smp show: the name of an SMP server is expected; it is used as "/smp show <server>".'],
    ['/smp show a_b', 'the host name of an SMP server is expected, not "a_b"'],
    ['/smp faults smp-1', 'faults are expected, such as "drop SEND n=3"; "/smp clear" takes them away'],
    ['/smp pause smp-1 long', 'a time is expected, such as 500ms or 2s, not "long"'],
    ['/smp queue smp-1', 'the name of an SMP server and then a sender or link id is expected'],
    ['/smp block smp-1 abc reason=fun', 'reason=spam or reason=content is expected, not "reason=fun"'],
    ['/smp block smp-1 reason=spam', 'the name of an SMP server and then a sender or link id is expected'],
    ['#news', '#news: the text of the message is missing; it is used as "#news hello".'],
    ['# hello', '#name of a channel is expected'],
  ])('%s is answered with what is wrong and how it is used', (line, sentence) => {
    expect(() => parseCommand(line)).toThrow(sentence);
  });

  it.each([
    ['/pubic group relays=1,2 #news', '/public group relays=1,2 [protocol=full|pooled|paired] #news'],
    ['/relayz', '/relays [name=<name> <address> …]'],
    ['/_get relay #news', '/_get relays #news'],
    ['/relay adress relay-1', '/relay address <name>'],
    ['/group', '/groups'],
    ['/smp fualts smp-1 drop all', '/smp faults <server> drop-reply SEND p=0.1; delay SUB 50ms; …'],
    ['/smp unblok smp-1 abc', '/smp unblock <server> <sender or link id>'],
    ['hello', '/help'],
  ])('%s is unknown: the nearest is %s', (line, likely) => {
    expect(() => parseCommand(line)).toThrow(`the nearest is "${likely}"`);
  });
});

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
    ['/_get relays #news', { kind: 'get relays', group: 'news' }],
    ['/_add relays #news 1,2', { kind: 'add relays', group: 'news', relays: [1, 2] }],
    ['/show link #news', { kind: 'show link', group: 'news' }],
    ['/groups', { kind: 'list groups' }],
    ['/gs', { kind: 'list groups' }],
    ['/c simplex:/c#abc', { kind: 'join', link: 'simplex:/c#abc' }],
    ['/connect https://host/c#abc', { kind: 'join', link: 'https://host/c#abc' }],
    ['#news hello', { kind: 'send', group: 'news', text: 'hello' }],
    ['#news  two  spaces #tag /c', { kind: 'send', group: 'news', text: ' two  spaces #tag /c' }],
    ['#news two\nlines', { kind: 'send', group: 'news', text: 'two\nlines' }],
    ['/tail #news', { kind: 'tail', group: 'news', count: 20 }],
    ['/tail #news 5', { kind: 'tail', group: 'news', count: 5 }],
    ['/members #news', { kind: 'members', group: 'news' }],
    ['/members simplex:/c#abc', { kind: 'members', group: 'simplex:/c#abc' }],
    ['/relay address relay-1', { kind: 'relay address', relay: 'relay-1' }],
    ['/relay groups relay-1', { kind: 'relay groups', relay: 'relay-1' }],
    ['/help', { kind: 'help' }],
    ['/?', { kind: 'help' }],
  ])('%s', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each([
    [
      '/public group #news',
      '/public group: relays=1,2 and then #name is expected; it is used as "/public group relays=1,2 #news".',
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
    ['/c news', '"news" does not; it is used as "/c <link>".'],
    ['/c', '/c: a link is expected'],
    ['/tail #news all', 'a number of messages is expected, not "all"'],
    ['/tail #news 0', 'a number of messages is expected, not "0"'],
    ['/tail', '#name of a channel is expected'],
    ['/groups #news', 'nothing is expected after it, "#news" is too much'],
    ['/relay address', 'the name of a relay is expected'],
    ['/show link', '#name is expected'],
    ['#news', '#news: the text of the message is missing; it is used as "#news hello".'],
    ['# hello', '#name of a channel is expected'],
  ])('%s is answered with what is wrong and how it is used', (line, sentence) => {
    expect(() => parseCommand(line)).toThrow(sentence);
  });

  it.each([
    ['/pubic group relays=1,2 #news', '/public group relays=1,2 #news'],
    ['/relayz', '/relays [name=<name> <address> …]'],
    ['/_get relay #news', '/_get relays #news'],
    ['/relay adress relay-1', '/relay address <name>'],
    ['/group', '/groups'],
    ['hello', '/help'],
  ])('%s is unknown: the nearest is %s', (line, likely) => {
    expect(() => parseCommand(line)).toThrow(`the nearest is "${likely}"`);
  });
});

import type { Observation } from '@chat-relays/agent';

/** Who did what, in order: printed when a run fails. */
export class Story {
  private readonly lines: { who: string; what: string | Observation }[] = [];

  tell(who: string, what: string | Observation): void {
    this.lines.push({ who, what });
  }

  /** One column per participant; the last `limit` lines. */
  columns(limit = 60): string {
    const names = [...new Set(this.lines.map(({ who }) => who))];
    const indent = (who: string): string => '  '.repeat(names.indexOf(who));
    return this.lines
      .slice(-limit)
      .map(({ who, what }) => `${who.padEnd(9)} ${indent(who)}${wordsOf(what)}`)
      .join('\n');
  }
}

function wordsOf(what: string | Observation): string {
  if (typeof what === 'string') return what;
  switch (what.what) {
    case 'decided': {
      const { step, event, outcome, from, to, ref } = what;
      const change = outcome === 'moved' ? `${from} -> ${to}` : outcome;
      return `${step ?? '?'} ${event}: ${change}   [${ref.noun} ${shortened(ref.id)}]`;
    }
    case 'executed':
      return `${what.kind} ${what.result} ${what.reason ?? ''}`.trimEnd();
    case 'refused':
      return `refuses ${what.where}: ${what.reason}`;
    default:
      return JSON.stringify(what);
  }
}

function shortened(id: string): string {
  return id.replace(/https:\/\/([^/]+)\/(\w)#(\w{4})[\w-]*/g, '$1/$2#$3…');
}

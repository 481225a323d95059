import type { Observation } from '@chat-relays/agent';

/** Who did what, in order: printed when a run fails. */
export class Story {
  private readonly lines: { who: string; what: string }[] = [];

  tell(who: string, what: string): void {
    this.lines.push({ who, what });
  }

  observe(who: string, observation: Observation): void {
    switch (observation.what) {
      case 'decided': {
        const { step, event, outcome, from, to, ref } = observation;
        const change = outcome === 'moved' ? `${from} -> ${to}` : outcome;
        this.tell(who, `${step ?? '?'} ${event}: ${change}   [${ref.noun} ${shortened(ref.id)}]`);
        break;
      }
      case 'executed':
        this.tell(who, `${observation.kind} ${observation.result} ${observation.reason ?? ''}`.trimEnd());
        break;
      case 'refused':
        this.tell(who, `refuses ${observation.where}: ${observation.reason}`);
        break;
      default:
        this.tell(who, JSON.stringify(observation));
    }
  }

  /** One column per participant; the last `limit` lines. */
  columns(limit = 60): string {
    const names = [...new Set(this.lines.map(({ who }) => who))];
    const indent = (who: string): string => '  '.repeat(names.indexOf(who));
    return this.lines
      .slice(-limit)
      .map(({ who, what }) => `${who.padEnd(9)} ${indent(who)}${what}`)
      .join('\n');
  }
}

function shortened(id: string): string {
  return id.replace(/https:\/\/([^/]+)\/(\w)#(\w{4})[\w-]*/g, '$1/$2#$3…');
}

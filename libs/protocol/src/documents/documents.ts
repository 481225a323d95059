import type { Arrow } from './arrow';
import { comparison } from './comparison';
import { messageCatalogue } from './messages';
import { spanCatalogue } from './spans';
import { states } from './states';
import { steps } from './steps';

/** The files of docs/protocol, by name. */
export function documents(arrows: readonly Arrow[]): Readonly<Record<string, string>> {
  return {
    'steps.md': steps(arrows),
    'states.md': states(),
    'spans.md': spanCatalogue(),
    'comparison.md': comparison(arrows),
    'messages.md': messageCatalogue(),
  };
}

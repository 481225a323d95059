import { messages, type Codec, type RfcSteps } from '@chat-relays/wire';
import { code, page, tableOf } from './markdown';

/** Every message that is spoken, with an example. */
export function messageCatalogue(): string {
  return page(
    '# Messages',
    'Inside the envelope `{"v", "msgId", "event", "params"}`; here are the tag and the parameters. Fields that are not named here survive forwarding.',
    ...messages.flatMap((message) => {
      const params = (message.params as Codec<unknown>).encode(message.example);
      return [
        `## ${code(message.tag)}`,
        message.doc,
        `RFC steps: ${stepsOf(message.steps)}`,
        ...(fields(params).length > 0
          ? [
              tableOf(
                ['parameter', 'JSON'],
                fields(params).map(([path, type]) => [code(path), type]),
              ),
            ]
          : []),
        ['```json', JSON.stringify(params, null, 2), '```'].join('\n'),
      ];
    }),
  );
}

function stepsOf(steps: RfcSteps): string {
  const named = Object.entries(steps).map(
    ([protocol, list]) => `${protocol} ${(list as string[]).join(', ')}`,
  );
  return named.join('; ') || 'none';
}

/** The fields of the example, by path: messages name every field that they know there. */
function fields(json: unknown, path = ''): [path: string, type: string][] {
  if (Array.isArray(json)) return json.length > 0 ? fields(json[0], `${path}[]`) : [[path, 'array']];
  if (typeof json === 'object' && json !== null) {
    return Object.entries(json).flatMap(([key, value]) => fields(value, path ? `${path}.${key}` : key));
  }
  return [[path, typeof json]];
}

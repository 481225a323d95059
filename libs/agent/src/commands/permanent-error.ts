/** The world said no, for good: the message names the command and the answer. It becomes the event `ERR`. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

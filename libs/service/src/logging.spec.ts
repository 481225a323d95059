import { createLogger } from './logging';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const options = { service: 'tea-house', instance: 'tea-house-1', level: 'info' };
  write(createLogger(options, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes JSON with the service, and keeps to its level', () => {
    const lines = logged((logger) => {
      logger.debug('whispered');
      logger.info({ port: 8080 }, 'listening');
    });
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'tea-house',
        instance: 'tea-house-1',
        msg: 'listening',
        port: 8080,
      }),
    ]);
  });

  it('says of errors what they say of themselves, never what was in a statement or a text', () => {
    const failed = Object.assign(new Error('duplicate key'), {
      code: '23505',
      parameters: ['dear diary'],
      driverError: { detail: 'Key (text)=(dear diary) already exists.' },
    });
    let unread: unknown;
    try {
      JSON.parse('dear diary');
    } catch (error) {
      unread = error;
    }
    const lines = logged((logger) => {
      logger.error({ err: failed }, 'request failed');
      logger.error({ err: new Error('outer', { cause: unread }) });
      logger.error({ err: 'dear diary' });
    });
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'duplicate key', code: '23505' } });
    expect(lines[0].err).toHaveProperty('stack', expect.stringMatching(/^\s+at /));
    expect(lines[1]).toMatchObject({
      err: { message: 'outer', cause: { message: 'a text could not be parsed' } },
    });
    expect(JSON.stringify(lines)).not.toContain('dear');
  });
});

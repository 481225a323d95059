import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDataFolder } from './data-folder';
import { Fleet, type FleetOptions, type ServiceSpec } from './fleet';
import type { ServiceEnd } from './fleet-service';
import { markOf, signalProcess, waitGone, type ProcessMark } from './process-identity';

/** Behaves as a service does: says where it listens, is ready a little later, drains on SIGTERM. */
const program = `
let ready = false;
if (process.env.FAILPOINT === 'at-start') { console.log('no way'); process.exit(3); }
const server = require('node:http').createServer((request, response) => {
  if (request.url === '/die') process.exit(9);
  response.writeHead(request.url !== '/health/ready' || ready ? 200 : 503).end(process.env.DATABASE_SCHEMA);
});
server.listen(Number(process.env.HTTP_PORT), '127.0.0.1', () => {
  console.log('not json {"msg":"listening"');
  console.log(JSON.stringify({ msg: 'listening', port: server.address().port, extra: process.env.EXTRA }));
  setTimeout(() => (ready = true), 50);
});
process.on('SIGTERM', () => { console.log('drained'); if (!process.env.DEAF) process.exit(0); });
`;

describe('Fleet', () => {
  let folder: string;
  let deaths: ServiceEnd[];
  let told: (end: ServiceEnd) => void = () => undefined;
  let fleet: Fleet | undefined;
  const services: ServiceSpec[] = [
    { name: 'smp-owner', app: 'smp-server' },
    { name: 'relay-1', app: 'relay-agent', env: { EXTRA: 'own' } },
  ];
  const options = (more: Partial<FleetOptions> = {}): FleetOptions => ({
    databaseUrl: 'postgres://127.0.0.1/none',
    natsUrl: 'nats://127.0.0.1:1',
    services,
    folder,
    program: () => join(folder, 'service.js'),
    onDeath: (end) => {
      deaths.push(end);
      told(end);
    },
    ...more,
  });
  const body = async (name: string, path = '/'): Promise<string> =>
    (await fetch(`${fleet?.service(name).httpUrl}${path}`)).text();
  const markOfService = (name: string): ProcessMark =>
    markOf(fleet?.service(name).pid as number) as ProcessMark;

  beforeEach(() => {
    folder = temporaryDataFolder();
    writeFileSync(join(folder, 'service.js'), program);
    deaths = [];
  });
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('migrates, starts all with an environment each, and stops all gracefully', async () => {
    const migrated: unknown[] = [];
    fleet = await Fleet.start(
      options({ migrate: async ({ name }, env) => void migrated.push([name, env.DATABASE_SCHEMA]) }),
    );
    expect(migrated).toEqual([
      ['smp-owner', 'smp_owner'],
      ['relay-1', 'relay_1'],
    ]);
    expect(await body('smp-owner')).toBe('smp_owner');
    const marks = fleet.names.map(markOfService);
    await fleet.stop();
    for (const mark of marks) expect(await waitGone(mark, 0)).toBe(true);
    expect(readFileSync(fleet.service('relay-1').logFile, 'utf8')).toMatch(/"extra":"own"}\ndrained\n$/);
    expect(deaths).toEqual([]);
  });

  it('kills a service without calling it a death, and starts it again', async () => {
    fleet = await Fleet.start(options());
    const first = markOfService('relay-1');
    await fleet.kill('relay-1');
    expect(fleet.service('relay-1').isRunning()).toBe(false);
    await fleet.restart('relay-1', { EXTRA: 'second' });
    expect(markOfService('relay-1')).not.toEqual(first);
    expect(await body('relay-1')).toBe('relay_1');
    expect(readFileSync(fleet.service('relay-1').logFile, 'utf8')).toContain('"extra":"second"');
    expect(deaths).toEqual([]);
  });

  it('reports a service that dies by itself, unless somebody waits for that', async () => {
    fleet = await Fleet.start(options());
    const expected = fleet.service('relay-1').ended();
    await expect(body('relay-1', '/die')).rejects.toThrow();
    expect(await expected).toMatchObject({ name: 'relay-1', code: 9 });
    expect(deaths).toEqual([]);
    const death = new Promise<ServiceEnd>((resolve) => (told = resolve));
    await expect(body('smp-owner', '/die')).rejects.toThrow();
    expect(await death).toMatchObject({
      name: 'smp-owner',
      code: 9,
      lastLines: expect.stringContaining('listening'),
    });
  });

  it('stops the others and shows the last log lines when one cannot start', async () => {
    const bad: ServiceSpec = { name: 'relay-2', app: 'relay-agent', env: { FAILPOINT: 'at-start' } };
    await expect(Fleet.start(options({ services: [...services, bad] }))).rejects.toThrow(
      /relay-2 ended before it was ready; the end of .*relay-2.log:\nno way/,
    );
    expect(readFileSync(join(folder, 'logs', 'smp-owner.log'), 'utf8')).toContain('drained');
  });

  it('leaves no service behind when the supervisor is killed', async () => {
    const parent = spawn(process.execPath, ['-e', supervisor(options())], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const marks = (JSON.parse(line.toString()) as number[]).map(markOf) as ProcessMark[];
    expect(marks).toHaveLength(2);
    signalProcess(parent.pid as number, 'SIGKILL');
    for (const mark of marks) expect(await waitGone(mark, 60_000)).toBe(true);
  });
});

/** A process of its own that runs the built fleet. */
function supervisor({ databaseUrl, natsUrl, services, folder }: FleetOptions): string {
  const plain = JSON.stringify({ databaseUrl, natsUrl, services, folder });
  return `
    const { Fleet } = require(${JSON.stringify(join(__dirname, '../dist/fleet.js'))});
    Fleet.start({ ...${plain}, program: () => ${JSON.stringify(join(folder, 'service.js'))} }).then((fleet) => {
      console.log(JSON.stringify(fleet.names.map((name) => fleet.service(name).pid)));
    });`;
}

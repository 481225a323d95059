import { authorizing } from './authorizing';
import { blocks } from './blocks';
import { creating } from './creating';
import { getting } from './getting';
import { links } from './links';
import { receiving } from './receiving';
import { securing } from './securing';
import { sending } from './sending';
import { Station } from './station';

/** One server for all of them: each has queues and sessions of its own. */
let station: Station;

beforeAll(async () => {
  station = await Station.start();
});

afterAll(() => station.stop());

describe('creating queues', () => creating(() => station));
describe('securing queues', () => securing(() => station));
describe('sending', () => sending(() => station));
describe('receiving', () => receiving(() => station));
describe('getting', () => getting(() => station));
describe('links', () => links(() => station));
describe('authorizing', () => authorizing(() => station));
describe('blocks', () => blocks(() => station));

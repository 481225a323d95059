import { inviting } from './inviting';
import { Scene } from './scene';

const MINUTES = 60_000;

/** One town for all of them, in which honest people go on with what they do. */
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.set();
}, 5 * MINUTES);

afterAll(() => scene.leave(), 5 * MINUTES);

describe.each([['who invites a relay', inviting]])('%s', (_, cases) => {
  cases(() => scene);

  test('and everybody else goes on', () => scene.goesOn());
});

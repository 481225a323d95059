import { inviting } from './inviting';
import { knocking } from './knocking';
import { Scene } from './scene';

const MINUTES = 60_000;

/** One town for all of them, in which honest people go on with what they do. */
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.set();
}, 5 * MINUTES);

afterAll(() => scene.leave(), 5 * MINUTES);

describe.each([
  ['who invites a relay', inviting],
  ['who asks for what is not theirs', knocking],
])('%s', (_, cases) => {
  cases(() => scene);

  test('and everybody else goes on', () => scene.goesOn());
});

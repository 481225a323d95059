import { inviting } from './inviting';
import { knocking } from './knocking';
import { owning } from './owning';
import { poisoning } from './poisoning';
import { repeating } from './repeating';
import { Scene } from './scene';
import { speaking } from './speaking';

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
  ['who says again what others said', repeating],
  ['who says what is not theirs to say', speaking],
  ['who sends what nobody can read', poisoning],
  ['who owns a channel, and is not honest', owning],
])('%s', (_, cases) => {
  cases(() => scene);

  test('and everybody else goes on', () => scene.goesOn());
});

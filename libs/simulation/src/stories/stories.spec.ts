import { stories } from './stories';

describe('stories', () => {
  it.each(stories)('$title', async ({ tell }) => {
    await expect(tell()).resolves.toBeDefined();
  });
});

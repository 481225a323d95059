module.exports = async function globalTeardown() {
  await globalThis.chatRelaysStack?.stop();
};

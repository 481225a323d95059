const address = /^(nats|tls):\/\/[^,\s]+(,(nats|tls):\/\/[^,\s]+)*$/;

/** Where the services listen. `npm run chat` sets it to what `npm start -- --keep` runs. */
export function chatConfig(env: NodeJS.ProcessEnv = process.env): { natsUrl: string } | { problem: string } {
  const natsUrl = env.NATS_URL?.trim();
  if (!natsUrl)
    return {
      problem:
        'Nothing is running here: start it with "npm start -- --keep" in another terminal, or set NATS_URL.',
    };
  if (!address.test(natsUrl))
    return { problem: `NATS_URL is "${natsUrl}"; expected such as nats://127.0.0.1:4222.` };
  return { natsUrl };
}

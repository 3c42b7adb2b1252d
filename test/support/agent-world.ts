// A world with agents: keys for them, and connections whose events they may mend.
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { ApiKeyScope } from "#server/contracts/api-key.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { connectAgent } from "./agent.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { createWorld, eventually } from "./world.ts";

export type AgentWorld = Awaited<ReturnType<typeof createAgentWorld>>;

export async function createAgentWorld() {
  const world = await createWorld();
  let made = 0;

  async function makeKey(scope: ApiKeyScope, capabilities: Capability[] = []): Promise<string> {
    const key = newApiKey();
    const row = apiKeyRow(new Date(), { key, name: scope, scope, teamIds: [world.ctx.teamId], expiresAt: null });
    await world.ctx.app.db.apiKey.create({ data: { ...row, capabilities } });
    return key;
  }

  /** A connection to a receiver, with `count` webhooks sent on it, each tried once. */
  async function branch(
    receiver: Receiver,
    count: number,
    body: (n: number) => object = (n) => ({ type: "order.made", n }),
  ) {
    const name = `agents-${++made}`;
    const connection = await world.connect({
      name,
      source: { name },
      destination: { name, config: { url: receiver.url } },
      rules: [{ type: "retry", strategy: "linear", interval: 1_000, count: 0 }],
    });
    const [source] = await world.all<{ key: string }>("select key from source where id = $1", [connection.source_id]);
    for (let n = 0; n < count; n++) {
      const headers = { "content-type": "application/json" };
      await fetch(`${world.doorUrl}/e/${source?.key}`, { method: "POST", headers, body: JSON.stringify(body(n)) });
    }
    await eventually(
      () => world.events(connection.id),
      (events) =>
        events.length === count && events.every(({ status }) => status === "FAILED" || status === "DELIVERED"),
    );
    return connection;
  }

  return {
    ...world,
    makeKey,
    branch,
    agentWith: async (scope: ApiKeyScope, capabilities: Capability[] = []) =>
      connectAgent(world.doorUrl, { key: await makeKey(scope, capabilities) }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** A receiver that fails until it is told to be well. */
export async function startIll() {
  const state = { isWell: false };
  const receiver = await startReceiver(() => (state.isWell ? {} : { status: 503, body: "the shop is closed" }));
  return { receiver, heal: () => Object.assign(state, { isWell: true }) };
}

/** The sentence of a refusal. */
export const sentence = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "it was not refused",
    (error: Error) => error.message,
  );

// `npm run model` with a fixed seed and few commands.
import { expect, test } from "vitest";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import type { Mode } from "#test/model/event-model.ts";
import { answerOf } from "#test/model/product-under-model.ts";
import { runModel } from "#test/model/run-model.ts";
import { startReceiver } from "#test/support/receiver.ts";
import { createWorld } from "#test/support/world.ts";
import { sweep } from "#worker/sweep.ts";

test("the life of events is that of the model after every command: in the table, the counts and the API", async () => {
  await using world = await createWorld();
  const modes = new Map<string, Mode>();
  await using receiver = await startReceiver(({ url }) => answerOf(modes, url));
  const key = newApiKey();
  const teamIds = [world.ctx.teamId];
  const row = apiKeyRow(new Date(), { key, name: "model", scope: "write", teamIds, expiresAt: null });
  await world.ctx.app.db.apiKey.create({ data: row });
  const { pool, config, log, lanes } = world.worker;
  const counts = await runModel(
    {
      ...{ db: world.pool, origin: world.doorUrl, key, receiverUrl: receiver.url },
      sweep: () => sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake }),
    },
    modes,
    { seed: 18, commands: 30 },
  );
  expect(Math.min(counts.delivered, counts.failed, counts.retrying, counts.held, counts.cancelled)).toBeGreaterThan(0);
});

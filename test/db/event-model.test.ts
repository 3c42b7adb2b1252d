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
  await using receiver = await startReceiver((receipt) => answerOf(modes, receipt));
  const key = newApiKey();
  const teamIds = [world.ctx.teamId];
  const row = apiKeyRow(new Date(), { key, name: "model", scope: "write", teamIds, expiresAt: null });
  await world.ctx.app.db.apiKey.create({ data: row });
  const { pool, config, log, lanes } = world.worker;
  const { receipts, url: receiverUrl } = receiver;
  const { delivered, failed, retrying, held, cancelled, masked, erased, gone } = await runModel(
    {
      ...{ db: world.pool, origin: world.doorUrl, key, receiverUrl, receipts },
      sweep: () => sweep({ pool, config, log, now: () => new Date(), wakeLanes: lanes.wake }),
    },
    modes,
    { seed: 3934, commands: 22 },
  );
  expect(Math.min(delivered, failed, retrying, held, cancelled, masked, erased, gone)).toBeGreaterThan(0);
});

// What is missing on the screen is connected: by lines from either side, and by keys alone.
import { createHmac } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDestination } from "#server/resources/destinations.ts";
import { updateSource } from "#server/resources/sources.ts";
import { makeProducer } from "#test/support/branch.ts";
import { type DetailWorld, startDetailWorld } from "#test/support/detail-world.ts";
import { eventually } from "#test/support/world.ts";

let on: DetailWorld;
beforeAll(async () => {
  on = await startDetailWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const cardOf = (page: Page, id: string) => page.locator(`[data-card="${id}"]`);

/** The graph, searched down to what the test made. */
async function openGraph(id: string, query = id) {
  const opened = await on.open(`/connections?q=${query}`);
  await cardOf(opened.page, id).waitFor();
  return opened;
}

async function drag(page: Page, from: Locator, to: Locator) {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("One end of the line is not on the screen.");
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 });
}

describe("a source", () => {
  test("is connected by a line to each destination it is drawn to, and the words before say what it will share", async () => {
    on.answers.status = 200;
    const producer = await makeProducer(on.world);
    const names = [1, 2, 3, 4].map((n) => `receiver-${n}-of-${producer.sourceId}`);
    const receivers = await Promise.all(
      names.map((name) => createDestination(on.world.ctx, { name, config: { url: on.receiver.url } })),
    );
    const { page, problems } = await openGraph(producer.sourceId);
    for (const { id } of receivers) {
      await drag(page, cardOf(page, producer.sourceId).locator('[data-end="source"]'), cardOf(page, id));
      await page.getByText("Release to connect. It becomes the first branch of this destination.").waitFor();
      await page.mouse.up();
      const drawer = page.getByRole("dialog");
      await drawer.getByRole("button", { name: "Close" }).click();
      await drawer.waitFor({ state: "detached" });
    }
    await drag(
      page,
      cardOf(page, producer.sourceId).locator('[data-end="source"]'),
      cardOf(page, receivers[3]?.id ?? ""),
    );
    await page
      .getByText(/The two are connected already/)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await page.getByText("Release to connect.").waitFor({ state: "detached" });
    expect(await page.locator('[data-kind="connection"]').count()).toBe(4);
    await producer.send({ of: producer.sourceId });

    await eventually(
      async () => on.receiver.receipts.filter(({ body }) => body.includes(producer.sourceId)).length,
      (count) => count === 4,
    );
    expect(problems).toEqual([]);
  });
});

describe("a destination", () => {
  const SECRET = "whsec_of_the_fan_in";
  const digest = (body: string, encoding: "hex" | "base64") =>
    createHmac("sha256", SECRET).update(body).digest(encoding);

  /** Three sources of the test's own beside a destination that takes 120 a minute, searched down to these four. */
  async function fanIn() {
    const auth = { secret: SECRET };
    const producers = [
      await makeProducer(on.world, { type: "STRIPE", config: { auth } }),
      await makeProducer(on.world, { type: "SHOPIFY", config: { auth } }),
      await makeProducer(on.world, {
        config: { auth_type: "HMAC", auth: { ...auth, signature_header: "x-internal" } },
      }),
    ];
    const tag = `fan-in-of-${producers[0]?.sourceId.slice(-12)}`;
    for (const [n, { sourceId }] of producers.entries()) {
      await updateSource(on.world.ctx, { id: sourceId, name: `${tag}-${n}` });
    }
    const limit = { rate_limit: 120, rate_limit_period: "minute" } as const;
    const { id } = await createDestination(on.world.ctx, { name: tag, config: { url: on.receiver.url, ...limit } });
    return { producers, id, tag };
  }

  const SIGN = [
    (payload: string) => ({
      "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET }),
    }),
    (body: string) => ({ "x-shopify-hmac-sha256": digest(body, "base64") }),
    (body: string) => ({ "x-internal": digest(body, "hex") }),
  ];

  test("is connected by lines drawn back from it to its sources, and shows the numbers of each of them", async () => {
    on.answers.status = 200;
    const { producers, id, tag } = await fanIn();
    const { page, problems } = await openGraph(id, tag);
    for (const { sourceId } of producers) {
      await drag(page, cardOf(page, id).locator('[data-end="target"]'), cardOf(page, sourceId));
      await page.getByText(/^Release to connect\. It becomes the/).waitFor();
      await page.mouse.up();
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    for (const [n, producer] of producers.entries()) {
      const body = JSON.stringify({ id: `evt_${n}`, of: producer.sourceId });
      expect((await producer.post(body, { "x-internal": "00" })).status).toBe(401);
      expect((await producer.post(body, SIGN[n]?.(body))).status).toBe(200);
    }
    const isOurs = (body: Buffer) => producers.some(({ sourceId }) => body.includes(sourceId));
    await eventually(
      async () => on.receiver.receipts.filter(({ body }) => isOurs(body)).length,
      (count) => count === 3,
    );
    await cardOf(page, id)
      .getByText(/120\/min/)
      .waitFor();
    const line = page.locator(".graph-edge-near").first();
    const box = await line.evaluate((path) => {
      const of = path as SVGPathElement;
      const middle = of.getPointAtLength(of.getTotalLength() / 2).matrixTransform(of.getScreenCTM() ?? undefined);
      return { x: middle.x, y: middle.y };
    });
    await page.mouse.move(box.x, box.y);
    const numbers = page.getByRole("tooltip");
    await numbers.getByText(/^Offered by fan-in-of-/).waitFor();
    await page.mouse.move(5, 5);
    await numbers.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("and another are connected to a source by keys alone, and the keyboard is told the numbers of the branch", async () => {
    on.answers.status = 200;
    const producer = await makeProducer(on.world);
    const names = [1, 2].map((n) => `by-keys-${n}-of-${producer.sourceId}`);
    for (const name of names) await createDestination(on.world.ctx, { name, config: { url: on.receiver.url } });
    const { page, problems } = await openGraph(producer.sourceId);
    for (const name of names) {
      await cardOf(page, producer.sourceId).focus();
      await page.keyboard.press("c");
      const drawer = page.getByRole("dialog", { name: "New connection" });
      // It begins where something is to be chosen, and what is typed there is looked for.
      await drawer.locator("[role='combobox']:focus").and(drawer.getByLabel("Destination")).waitFor();
      await page.keyboard.type(name);
      await page.getByRole("option", { name }).waitFor();
      await page.keyboard.press("Enter");
      await drawer.getByRole("button", { name: "Make the connection" }).focus();
      await page.keyboard.press("Enter");
      await drawer.waitFor({ state: "detached" });
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.locator(`[data-card="${producer.sourceId}"]:focus`).waitFor();
    }
    await producer.send({ of: producer.sourceId });
    await eventually(
      async () => on.receiver.receipts.filter(({ body }) => body.includes(producer.sourceId)).length,
      (count) => count === 2,
    );
    await cardOf(page, producer.sourceId).focus();
    await page.keyboard.press("ArrowRight");
    await page.locator('[data-kind="connection"]:focus').waitFor();
    await page.getByRole("tooltip").getByText("Delivered").waitFor();
    expect(await page.locator('[data-kind="connection"]:focus').getAttribute("aria-describedby")).toBe("line-numbers");
    expect(problems).toEqual([]);
  });
});

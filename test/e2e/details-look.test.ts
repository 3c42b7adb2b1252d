// What the pages of one thing look like: with a stranger's text, a large body, an id that names nothing, at every width.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#server/ids.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type DetailWorld, startDetailWorld } from "#test/support/detail-world.ts";
import { PHONE, WIDE } from "#test/support/gallery.ts";
import { goOn, scrollsSideways, violationsInBothThemes } from "#test/support/page-look.ts";

let on: DetailWorld;
beforeAll(async () => {
  on = await startDetailWorld();
});
afterAll(() => on?.[Symbol.asyncDispose]());

test("a stranger's text is text: nothing of it runs, and what turns letters is written out", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const evil = {
    type: "<img src=x onerror=alert(1)>\u202egnp.exe",
    "k\u2066": "<script>document.title='ran'</script>",
  };
  const requestId = await branch.send(evil, { "x-odd": "<b>bold</b>" });
  const [event] = await on.endedEvents(branch, 1);
  for (const path of [`/requests/${requestId}`, `/events/${event?.id}`]) {
    const { page, problems } = await on.open(path);
    await page.getByRole("heading", { level: 1, name: "<img src=x onerror=alert(1)>⟨U+202E⟩gnp.exe" }).waitFor();
    await page.getByText('"k⟨U+2066⟩"').waitFor();
    expect(await page.title()).not.toBe("ran");
    expect(await page.locator("img, b:has-text('bold')").count()).toBe(0);
    expect(problems).toEqual([]);
  }
});

test("a large body waits for a press that says its size, does not hold up the page, and is saved byte for byte", async () => {
  on.answers.status = 200;
  const branch = await makeBranch(on.world, { to: { url: on.receiver.url } });
  const body = `{"list":[${Array.from({ length: 120_000 }, (_, i) => `{"i":${i},"text":"some words of item ${i}"}`).join(",")}]}`;
  const { request_id: id } = await (await branch.post(body)).json();
  const { page, problems } = await on.open(`/requests/${id}`);
  const show = page.getByRole("button", { name: /^Show \d\.\d MB$/ });
  await show.click();
  await page.getByRole("region", { name: "Payload" }).getByText('"list"').waitFor();
  expect(await page.getByRole("region", { name: "Payload" }).locator(".relative").count()).toBeLessThan(100);
  const longest = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let [last, worst] = [performance.now(), 0];
        const step = (now: number) => {
          worst = Math.max(worst, now - last);
          last = now;
          if (now - start < 500) requestAnimationFrame(step);
          else resolve(worst);
        };
        const start = last;
        requestAnimationFrame(step);
      }),
  );
  expect(longest).toBeLessThan(400);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`${id}.bin`);
  const saved = await fetch(`${on.web.url}/requests/${id}/raw`, { headers: { cookie: on.owner.cookie } });
  expect(saved.headers.get("content-type")).toBe("application/octet-stream");
  expect(saved.headers.get("content-security-policy")).toContain("sandbox");
  expect(await saved.text()).toBe(body);
  expect((await fetch(`${on.web.url}/requests/${id}/raw`)).status).toBe(401);
  expect(problems).toEqual([]);
});

describe("an id that names nothing", () => {
  test.each(["events", "requests", "attempts"])("of %s answers 404 within the frame and says so", async (kind) => {
    const one = { events: "event", requests: "request", attempts: "attempt" }[kind] ?? "";
    const path = `/${kind}/${newId(one as "event")}`;
    const answer = await fetch(`${on.web.url}${path}`, { headers: { cookie: on.owner.cookie } });
    expect(answer.status).toBe(404);
    const { page } = await on.open(path);
    await page
      .locator("[data-frame]")
      .getByRole("heading", { name: `There is no such ${one}`, level: 1 })
      .waitFor();
  });
});

describe("every detail", () => {
  test.each([
    { name: "1440 px", options: WIDE },
    { name: "390 px", options: PHONE },
  ])("has no accessibility violation in either theme and no sideways scroll at $name", async ({ options }) => {
    const { branch, bad } = await on.brokenBranch();
    const [attempt] = await on.world.attempts(bad.id);
    const payload = `"in_${branch.id}_1"`;
    // Each with what comes late on it.
    const paths = [
      [`/events/${bad.id}`, payload],
      [`/events/${bad.id}?tab=changed`, payload],
      [`/requests/${bad.request_id}`, payload],
      [`/attempts/${attempt?.id}`, '"s"'],
      [`/events?connection_id=${branch.id}&open=${bad.id}`, payload],
    ] as const;
    const { page, problems } = await on.open(paths[0][0], options);
    for (const [path, last] of paths) {
      if (path !== paths[0][0]) await goOn(page, `${on.web.url}${path}`);
      await page.getByText(last).first().waitFor();
      await page.waitForLoadState("networkidle");
      expect(await violationsInBothThemes(page), path).toEqual([]);
      expect(await scrollsSideways(page), path).toBe(false);
      expect(problems, path).toEqual([]);
    }
  });
});

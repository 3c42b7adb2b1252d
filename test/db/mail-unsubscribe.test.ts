// The end of a team's mails by the link in one of them: without an account, for one address and one team, and back by its reader alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeUnsubscribeLinks } from "#server/crypto/unsubscribe-links.ts";
import {
  askMailAddress,
  confirmMailAddress,
  listMailAddresses,
  removeMailAddress,
} from "#server/resources/mail-addresses.ts";
import { createNotification, testNotification } from "#server/resources/notifications.ts";
import { startFront } from "#test/support/front.ts";
import { codeOf, startMailServer, type TakenMail } from "#test/support/mail-server.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const patient = { timeout: 10_000 };
let world: World;
let server: Awaited<ReturnType<typeof startMailServer>>;
let front: Awaited<ReturnType<typeof startFront>>;
const refused = new Map<string, { status: number; text: string }>();
beforeAll(async () => {
  server = await startMailServer({ refuse: (address) => refused.get(address) });
  world = await createWorld({ smtpUrl: server.url });
  front = await startFront("http://127.0.0.1:1", { app: world.ctx.app });
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function confirm(address: string) {
  const { id } = await askMailAddress(world.ctx, { address });
  await expect.poll(() => server.to(address).length, patient).toBe(1);
  return confirmMailAddress(world.ctx, { id, code: codeOf(server.to(address)[0]) });
}
async function tell(id: string, status = "DELIVERED") {
  const before = (await world.events(id)).length;
  await testNotification(world.ctx, { id });
  const ended = (events: Awaited<ReturnType<typeof world.events>>) =>
    events.length > before && events.at(-1)?.status === status;
  return (await eventually(() => world.events(id), ended)).at(-1);
}

const unfolded = ({ raw }: TakenMail) => raw.replace(/\r\n[ \t]+/g, " ").replaceAll("=\r\n", "");
/** The path of the link, which the header names and the text shows. */
function linkOf(mail: TakenMail | undefined): string {
  if (!mail) throw new Error("There is no mail.");
  const url = /^List-Unsubscribe: <(\S+)>\r?$/im.exec(unfolded(mail))?.[1] ?? "";
  expect(url).toContain(`${world.ctx.app.publicDashboardUrl}/unsubscribe/`);
  expect(unfolded(mail).split(url).length, "in the header and in both forms of the text").toBeGreaterThanOrEqual(3);
  return new URL(url).pathname;
}
const post = (path: string, init: RequestInit = {}) =>
  fetch(`${front.url}${path}`, { method: "POST", redirect: "manual", ...init });
const ONE_CLICK = {
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "List-Unsubscribe=One-Click",
};

test("one click ends the mails to one of two addresses, and the other goes on", async () => {
  await confirm("ends@example.com");
  await confirm("stays@example.com");
  const { id } = await createNotification(world.ctx, {
    name: "two",
    channel: "email",
    addresses: ["ends@example.com", "stays@example.com"],
  });
  await tell(id);
  const mail = server.to("ends@example.com")[1];
  expect(unfolded(mail as TakenMail)).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/im);
  expect(mail?.raw).not.toContain("stays@example.com");
  const path = linkOf(mail);
  expect(path).not.toBe(linkOf(server.to("stays@example.com")[1]));
  // A scanner that follows the link ends nothing.
  await fetch(`${front.url}${path}`);
  const answer = await post(path, ONE_CLICK);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("no more notifications")]);
  expect((await post(path, ONE_CLICK)).status).toBe(200);
  await tell(id);
  expect([server.to("ends@example.com").length, server.to("stays@example.com").length]).toEqual([2, 3]);
  const { data } = await listMailAddresses(world.ctx);
  expect(data.map(({ address, unsubscribed_at }) => [address, unsubscribed_at !== null])).toEqual([
    ["ends@example.com", true],
    ["stays@example.com", false],
  ]);
  const audit = await world.all<{ actor_id: string }>(
    "select actor_id from audit_entry where actor_id = 'mail_reader'",
  );
  expect(audit).toHaveLength(1);
});

test("the team cannot ask again, not even by adding the address anew, and its reader comes back by the page of the link", async () => {
  const { data } = await listMailAddresses(world.ctx);
  const ended = data.find(({ address }) => address === "ends@example.com");
  const path = linkOf(server.to("ends@example.com")[1]);
  await removeMailAddress(world.ctx, { id: ended?.id ?? "" });
  const again = () => askMailAddress(world.ctx, { address: "ends@example.com" });
  await expect(again()).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("by the link in any"),
  });
  const tell = { name: "again", channel: "email" as const, addresses: ["ends@example.com"] };
  await expect(createNotification(world.ctx, tell)).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  const back = await post(`${path}?back`);
  expect([back.status, back.headers.get("location")]).toEqual([303, path]);
  await expect(again()).resolves.toMatchObject({ unsubscribed_at: null });
});

test("a link that was changed, or is for a team that is gone, is good for nothing", async () => {
  const path = linkOf(server.to("stays@example.com")[1]);
  const [named = "", mac = ""] = path.replace("/unsubscribe/", "").split(".");
  const other = Buffer.from(JSON.stringify([world.ctx.teamId, "victim@example.com"])).toString("base64url");
  const foreign = makeUnsubscribeLinks("another installation's secret 0123").token({
    teamId: world.ctx.teamId,
    address: "stays@example.com",
  });
  const gone = world.ctx.app.unsubscribeLinks.token({ teamId: "tm_gone", address: "stays@example.com" });
  for (const token of [`${other}.${mac}`, `${named}.${"A".repeat(43)}`, named, foreign, gone, "%00", "a".repeat(700)])
    expect((await post(`/unsubscribe/${token}`)).status, token).toBeGreaterThanOrEqual(404);
  expect(await world.all("select address from mail_unsubscribed")).toEqual([]);
});

test("going to and fro by one link is held to a few times a minute, so it does not fill the team's audit log", async () => {
  const token = world.ctx.app.unsubscribeLinks.token({ teamId: world.ctx.teamId, address: "fro@example.com" });
  const before = await world.all("select 1 from audit_entry");
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) statuses.push((await post(`/unsubscribe/${token}?${n % 2 ? "back" : "page"}`)).status);
  expect([statuses.slice(0, 5), new Set(statuses.slice(5))]).toEqual([[303, 303, 303, 303, 303], new Set([429])]);
  expect((await world.all("select 1 from audit_entry")).length - before.length).toBe(5);
  await world.pool.query("delete from mail_unsubscribed");
});

test("whose server could not take it is told later, and nobody hears twice of one notification", async () => {
  await confirm("later@example.com");
  const { id } = await createNotification(world.ctx, {
    name: "greylisted",
    channel: "email",
    addresses: ["stays@example.com", "later@example.com"],
  });
  const before = server.to("stays@example.com").length;
  refused.set("later@example.com", { status: 451, text: "4.7.1 come back later" });
  const event = await tell(id, "RETRYING");
  refused.clear();
  await world.pool.query("update event set next_attempt_at = now() where id = $1", [event?.id]);
  await world.worker.lanes.wake(new Set([event?.destination_id ?? ""]));
  await eventually(
    () => world.events(id),
    ([one]) => one?.status === "DELIVERED",
    20_000,
  );
  expect([server.to("stays@example.com").length - before, server.to("later@example.com").length]).toEqual([1, 2]);
});

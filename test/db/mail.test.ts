// E-mail: issues are told to addresses that have said yes, and to nobody else, through a real mail server.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "#server/env.ts";
import { watchTeams } from "#server/issues/watch-teams.ts";
import { makeMailer } from "#server/mail/mailer.ts";
import { createConnection, updateConnection } from "#server/resources/connections.ts";
import { createDestination, updateDestination } from "#server/resources/destinations.ts";
import {
  askMailAddress,
  confirmMailAddress,
  listMailAddresses,
  removeMailAddress,
} from "#server/resources/mail-addresses.ts";
import { createNotification, testNotification } from "#server/resources/notifications.ts";
import { createSource } from "#server/resources/sources.ts";
import { createTransformation } from "#server/resources/transformations.ts";
import { purgeExpired } from "#server/retention/purge.ts";
import { codeOf, startMailServer } from "#test/support/mail-server.ts";
import { addRollups, minuteOf } from "#test/support/rollups.ts";
import { startWireServer } from "#test/support/wire-server.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

const LOGIN = { user: "relay-user", password: "canary smtp/password 5T" };
const patient = { timeout: 10_000 };

let world: World;
let server: Awaited<ReturnType<typeof startMailServer>>;
/** What the server says of an address. */
const refused = new Map<string, { status: number; text: string }>();
beforeAll(async () => {
  server = await startMailServer({ login: LOGIN, refuse: (address) => refused.get(address) });
  world = await createWorld({ smtpUrl: server.url });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Asks for a code, reads the mail and gives it back. */
async function confirm(address: string) {
  const { id } = await askMailAddress(world.ctx, { address });
  await expect.poll(() => server.to(address).length, patient).toBeGreaterThan(0);
  return confirmMailAddress(world.ctx, { id, code: codeOf(server.to(address).at(-1)) });
}
const tell = (name: string, ...addresses: string[]) =>
  createNotification(world.ctx, { name, channel: "email", addresses });

const answersTo = async (event: { id: string } | undefined) =>
  (await world.attempts(event?.id ?? "")).map(({ response_status, response_body }) => [
    response_status,
    String(response_body),
  ]);

async function testOf(id: string, status: string) {
  await testNotification(world.ctx, { id });
  const ended = () => world.events(id);
  return (await eventually(ended, (events) => events.at(-1)?.status === status)).at(-1);
}

test("an address gets nothing but codes until one is given back, and the code is read nowhere here", async () => {
  await expect(tell("too early", "On-Call@example.com")).rejects.toMatchObject({
    code: "UNPROCESSABLE",
    issues: [
      { path: "destination.config.to", message: expect.stringContaining("on-call@example.com has not been confirmed") },
    ],
  });
  const { id } = await askMailAddress(world.ctx, { address: "on-call@example.com" });
  await expect.poll(() => server.to("on-call@example.com").length, patient).toBe(1);
  const [mail] = server.to("on-call@example.com");
  const code = codeOf(mail);
  expect(code).not.toBe("");
  expect(mail?.from).toBe("alerts@switchyard.example");
  await expect(confirmMailAddress(world.ctx, { id, code: "0000-0000-0000" })).rejects.toMatchObject({
    issues: [{ path: "code" }],
  });
  const read = [
    await world.all("select answer, address, encode(code_hash, 'escape') as hash from mail_address"),
    await world.all("select * from audit_entry"),
    await world.all("select payload from graphile_worker._private_jobs"),
  ];
  expect(JSON.stringify(read)).not.toMatch(new RegExp(`${code}|${code.replaceAll("-", "")}`));
  expect(await confirmMailAddress(world.ctx, { id, code: code.toLowerCase().replaceAll("-", " ") })).toMatchObject({
    confirmed_at: expect.any(String),
  });
  await expect(tell("now", "On-Call@example.com")).resolves.toMatchObject({ name: "now" });
});

test("a code is good for a day, and the newest alone", async () => {
  const { id } = await askMailAddress(world.ctx, { address: "late@example.com" });
  await expect.poll(() => server.to("late@example.com").length, patient).toBe(1);
  const first = codeOf(server.to("late@example.com")[0]);
  await askMailAddress(world.ctx, { address: "late@example.com" });
  await expect.poll(() => server.to("late@example.com").length, patient).toBe(2);
  await expect(confirmMailAddress(world.ctx, { id, code: first })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  const later = { ...world.ctx, app: { ...world.ctx.app, now: () => new Date(Date.now() + 25 * 3_600_000) } };
  const second = codeOf(server.to("late@example.com")[1]);
  await expect(confirmMailAddress(later, { id, code: second })).rejects.toMatchObject({ code: "UNPROCESSABLE" });
  await confirmMailAddress(world.ctx, { id, code: second });
});

test("an issue is told as text and as escaped html, once, with the server's answer as evidence and no password", async () => {
  await confirm("team@example.com");
  const notification = await tell("mail", "team@example.com");
  const made = await world.connect({
    name: "<b>orders</b> & co",
    source: { name: "shop" },
    destination: { name: "crm", config: { url: "https://receiver.example.com/hook" } },
  });
  const { source_id, id: connection_id, destination_id } = made;
  const row = { team_id: "tm_default", source_id, connection_id, destination_id };
  await addRollups(world.pool, [{ ...row, bucket: minuteOf(new Date(Date.now() - 60_000)), attempt_count: 12 }]);
  await watchTeams(world.worker.issues);
  await expect.poll(() => server.to("team@example.com").length, patient).toBe(2);
  const raw = server.to("team@example.com")[1]?.raw ?? "";
  const [headers = ""] = raw.split("\r\n\r\n");
  expect(headers).toMatch(/^Auto-Submitted: auto-generated$/im);
  const [event] = await world.events(notification.id);
  expect(headers).toContain(`Message-ID: <${event?.id}@switchyard.example>`);
  const unfolded = raw.replaceAll("=\r\n", "");
  expect(unfolded).toContain("Connection <b>orders</b> & co fails: 12 attempts");
  expect(unfolded).toContain("Connection &lt;b&gt;orders&lt;/b&gt; &amp; co fails");
  expect(unfolded).toMatch(/\/issues\?open=3Diss_|\/issues\?open=iss_/);
  const [attempt] = await eventually(
    () => world.attempts(event?.id ?? ""),
    (attempts) => attempts.length > 0,
  );
  expect(attempt).toMatchObject({ response_status: 250, error_code: null, requested_url: "mailto:team@example.com" });
  expect(String(attempt?.response_body)).toContain("2.0.0 kept");
  expect(JSON.stringify(await world.all("select * from attempt"))).not.toContain("canary");
});

test("what the server refuses for good ends, what it cannot take now is tried again, and its words are kept", async () => {
  await confirm("gone@example.com");
  const { id } = await tell("gone", "gone@example.com");
  refused.set("gone@example.com", { status: 550, text: "5.1.1 nobody of that name, relay-user" });
  const ended = await testOf(id, "FAILED");
  refused.set("gone@example.com", { status: 451, text: "4.3.0 come back later" });
  const waiting = await testOf(id, "RETRYING");
  expect(await answersTo(ended)).toEqual([[550, expect.stringContaining("nobody of that name, …")]]);
  expect(await answersTo(waiting)).toEqual([[451, expect.stringContaining("come back later")]]);
});

test("an address that is taken back gets nothing more, though a destination still names it", async () => {
  const { id } = await confirm("left@example.com");
  const notification = await tell("left", "left@example.com");
  await removeMailAddress(world.ctx, { id });
  const event = await testOf(notification.id, "FAILED");
  expect(await answersTo(event)).toEqual([[550, "None of these addresses is confirmed any more."]]);
  expect(server.to("left@example.com")).toHaveLength(1);
});

test("no event of another source becomes a mail: neither by a connection, nor as a dead letter, nor past both", async () => {
  await confirm("safe@example.com");
  const { destination_id, id } = await tell("safe", "safe@example.com");
  const open = await createSource(world.ctx, { name: "open to strangers" });
  const way = { source_id: open.id, destination_id };
  const issues = [{ path: "destination_id", message: expect.stringContaining("E-mail takes notifications alone") }];
  await expect(createConnection(world.ctx, { name: "by way", ...way })).rejects.toMatchObject({ issues });
  await expect(updateConnection(world.ctx, { id, source_id: open.id })).rejects.toMatchObject({ issues });
  const dead = { url: "https://receiver.example.com/", dead_letter_destination_id: destination_id };
  await expect(createDestination(world.ctx, { name: "dead", config: dead })).rejects.toMatchObject({
    issues: [{ path: "config.dead_letter_destination_id" }],
  });
  // Past every check at the save.
  const other = await world.connect({ name: "past", source_id: open.id, destination: { name: "m", type: "MOCK" } });
  await world.pool.query(
    "update destination set type = 'EMAIL', config = (select config from destination where id = $2) where id = $1",
    [other.destination_id, destination_id],
  );
  await updateDestination(world.ctx, { id: other.destination_id, description: "read again" });
  await fetch(world.ingestUrl(open), { method: "POST", body: JSON.stringify({ text: "buy this" }) });
  const [event] = await eventually(
    () => world.events(other.id),
    ([one]) => one?.status === "FAILED",
  );
  expect(await answersTo(event)).toEqual([[550, expect.stringContaining("another source")]]);
  expect(server.to("safe@example.com")).toHaveLength(1);
});

test("a transformation can neither add a recipient nor a header, and a link leads here alone", async () => {
  await confirm("plain@example.com");
  const { id } = await tell("plain", "plain@example.com");
  const { id: transformation_id } = await createTransformation(world.ctx, {
    name: "evil",
    code: `request.body.text = "hello\\r\\nBcc: victim@example.com\\r\\n\\r\\nbody"; request.body.data.url = "https://evil.example/x"; request.body.to = ["victim@example.com"]; return request;`,
  });
  await updateConnection(world.ctx, { id, rules: [{ type: "transform", transformation_id }] });
  await testOf(id, "DELIVERED");
  const [, mail] = server.to("plain@example.com");
  expect(mail?.to).toEqual(["plain@example.com"]);
  expect(mail?.raw).not.toMatch(/^bcc:/im);
  expect(mail?.raw).not.toContain("evil.example");
  expect(server.to("victim@example.com")).toEqual([]);
});

test("a team has a share of mails and of codes for a day", async () => {
  const { id } = await tell("bounded", "team@example.com");
  await world.pool.query("update mail_count set sent = 500 where code_to = ''");
  const held = await testOf(id, "RETRYING");
  expect(await answersTo(held)).toEqual([[452, "This team has sent its 500 mails of today (UTC)."]]);
  await world.pool.query("delete from mail_count");
  const many: PromiseSettledResult<unknown>[] = [];
  // So many at once that nobody waits for a transaction longer than Prisma has patience, also on a busy machine.
  while (many.length < 24)
    many.push(
      ...(await Promise.allSettled(
        Array.from({ length: 4 }, (_, n) =>
          askMailAddress(world.ctx, { address: `many-${many.length + n}@example.com` }),
        ),
      )),
    );
  expect(many.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
  for (const one of many)
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "TOO_MANY_REQUESTS" });
  await purgeExpired(world.pool, world.worker.log, { now: new Date(Date.now() + 86_400_000), retentionDays: 30 });
  expect(await world.all("select 1 from mail_count")).toEqual([]);
});

test("what goes wrong with the server is said in our words, and never with its own about the log-in", async () => {
  const mail = { id: "m-1", to: "a@example.com", subject: "s", text: "t", html: "<p>t</p>" };
  const trySending = (url: string, timeoutMs = 5_000, signal?: AbortSignal) => {
    const settings = parseEnv({ SMTP_URL: url, SMTP_FROM: "alerts@switchyard.example" }).mail;
    if (!settings) throw new Error("There is no mail server.");
    return makeMailer(settings).send(mail, { timeoutMs, ...(signal && { signal }) });
  };
  const wrong = server.url.replace(encodeURIComponent(LOGIN.password), "wrong");
  expect(await trySending(wrong)).toEqual({
    kind: "answer",
    status: 535,
    text: "The mail server refused the log-in of SMTP_URL.",
  });
  expect(await trySending("smtp://127.0.0.1:1")).toEqual({ kind: "error", code: "CONNECTION_REFUSED" });
  await using silent = await startWireServer(() => undefined);
  expect(await trySending(`smtp://127.0.0.1:${silent.url.port}`, 200)).toEqual({ kind: "error", code: "TIMEOUT" });
  // Postgres holds no U+0000: the words are stored with the address.
  const greeter = createServer((socket) => socket.end("554 5.7.1 nobody\0 here\r\n")).listen(0, "127.0.0.1");
  await once(greeter, "listening");
  const { port } = greeter.address() as AddressInfo;
  const said = await trySending(`smtp://127.0.0.1:${port}`);
  greeter.close();
  expect(said).toMatchObject({ text: "554 5.7.1 nobody\ufffd here" });
  const given = AbortSignal.abort();
  expect(await trySending(server.url, 5_000, given)).toEqual({ kind: "error", code: "CANCELLED" });
});

test("a password of any letters logs in, and no form of the log-in is kept of what a server says", async () => {
  const login = { user: "relay-user", password: "pässwort 5 €" };
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const token = base64(`\0${login.user}\0${login.password}`);
  const said = { status: 550, text: `seen ${login.password}, ${base64(login.password)} and ${token}` };
  await using own = await startMailServer({ login, refuse: (to) => (to === "b@example.com" ? said : undefined) });
  const settings = parseEnv({ SMTP_URL: own.url, SMTP_FROM: "alerts@switchyard.example" }).mail;
  if (!settings) throw new Error("There is no mail server.");
  const trySending = (to: string) =>
    makeMailer(settings).send({ id: "m-2", to, subject: "s", text: "t", html: "t" }, { timeoutMs: 5_000 });
  expect(await trySending("a@example.com")).toMatchObject({ kind: "answer", status: 250 });
  expect(await trySending("b@example.com")).toEqual({ kind: "answer", status: 550, text: "550 seen …, … and …" });
});

test("without a mail server e-mail is not available, and each way to it says why", async () => {
  const plain = { ...world.ctx, app: { ...world.ctx.app, sendsMail: false } };
  expect(await listMailAddresses(plain)).toMatchObject({ unavailable_because: expect.stringContaining("SMTP_URL") });
  const sentence = expect.stringContaining("sends no e-mail");
  await expect(askMailAddress(plain, { address: "new@example.com" })).rejects.toMatchObject({
    issues: [{ path: "address", message: sentence }],
  });
  const made = createNotification(plain, { name: "none", channel: "email", addresses: ["team@example.com"] });
  await expect(made).rejects.toMatchObject({ issues: [{ path: "destination.type", message: sentence }] });
});

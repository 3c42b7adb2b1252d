// `switchyard listen` as a developer has it: real processes of gateway, worker and command line, and a server on this machine.
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cli, makeCli } from "#test/support/cli.ts";
import { createDatabase } from "#test/support/database.ts";
import { type Receiver, startReceiver } from "#test/support/receiver.ts";
import { callApi, type RoleProcess, startRolesOn } from "#test/support/system.ts";

const SECRET = "whsec_stripe_prod";
const PAYLOAD = JSON.stringify({ id: "evt_1", type: "invoice.paid", data: { object: { amount: 12 } } });

const stack = new AsyncDisposableStack();
let roles: Awaited<ReturnType<typeof startRolesOn>>;
let gateway: RoleProcess;
let local: Receiver;
let cli: Cli;
let ingestPath: string;

beforeAll(async () => {
  const database = stack.use(await createDatabase());
  roles = stack.use(await startRolesOn(database.url));
  gateway = await roles.startGateway();
  await roles.startWorker();
  local = stack.use(await startReceiver({ status: 200, body: "thanks" }));
  const source = await callApi<{ url: string }>(gateway, "POST", "/sources", {
    ...{ name: "stripe-prod", type: "STRIPE" },
    config: { auth: { secret: SECRET } },
  });
  ingestPath = new URL(source.url).pathname;
  cli = stack.use(await makeCli({ SWITCHYARD_URL: gateway.url, SWITCHYARD_API_KEY: `sy_${"k".repeat(32)}` }));
});
afterAll(() => stack.disposeAsync());

const sendSigned = async (id: string) => {
  const payload = PAYLOAD.replace("evt_1", id);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  const answer = await fetch(`${gateway.url}${ingestPath}`, {
    ...{ method: "POST", body: payload },
    headers: { "content-type": "application/json", "stripe-signature": signature },
  });
  expect(answer.status).toBe(200);
  return { payload, signature };
};

const said = (kind: string) => (line: string) => JSON.parse(line).kind === kind;

test("a signed webhook reaches the local server as it was signed, through a gateway that was killed and one that is new", async () => {
  const listener = cli.start(["listen", "stripe-prod", "--forward", new URL("/hooks", local.url).href, "--json"]);
  const listening = JSON.parse(await listener.line(said("listening")));
  expect(listening.sources).toEqual(["stripe-prod"]);

  const first = await sendSigned("evt_first");
  const [receipt] = await local.received(1);
  expect(receipt).toMatchObject({ method: "POST", url: "/hooks" });
  expect(receipt?.headers["x-switchyard-verified"]).toBe("true");
  expect(Stripe.webhooks.constructEvent(receipt?.body ?? "", first.signature, SECRET).id).toBe("evt_first");
  const answered = JSON.parse(await listener.line(said("answered")));
  expect(answered).toMatchObject({ status: "DELIVERED", answer: { status: 200, body: "thanks" } });
  // It stands in the dashboard as an attempt.
  const { data } = await callApi<{ data: object[] }>(gateway, "GET", `/attempts?event_id=${answered.event.id}`);
  expect(data).toMatchObject([{ response_status: 200, requested_url: `http://${new URL(local.url).host}/hooks` }]);

  await gateway.kill();
  await listener.line(said("away"));
  gateway = await roles.startGateway(gateway.url);
  await sendSigned("evt_second");
  const second = await local.received(2);
  expect(second.at(-1)?.body.toString()).toContain("evt_second");
  await listener.line(said("back"));

  listener.signal("SIGINT");
  expect(await listener.ended).toMatchObject({ code: 0 });
  const { data: left } = await callApi<{ data: object[] }>(gateway, "GET", "/tunnels");
  expect(left).toEqual([]);
});

test("an answer that the gateway was away for is brought to the next one, and its event is not sent again", async () => {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await using slow = await startReceiver(async () => {
    await isReleased;
    return { status: 202 };
  });
  const listener = cli.start(["listen", "stripe-prod", "--forward", new URL(slow.url).host, "--json"]);
  await listener.line(said("listening"));
  await sendSigned("evt_slow");
  await slow.received(1);
  await gateway.kill();
  await listener.line(said("away"));
  release();
  gateway = await roles.startGateway(gateway.url);
  expect(JSON.parse(await listener.line(said("answered")))).toMatchObject({
    status: "DELIVERED",
    answer: { status: 202 },
  });
  expect(slow.receipts).toHaveLength(1);
  listener.signal("SIGINT");
  await listener.ended;
});

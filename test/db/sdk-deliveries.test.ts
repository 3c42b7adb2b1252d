// Deliveries of real lanes to a real receiver, which checks them with the SDK.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rotateDestinationSecret } from "#server/resources/destinations.ts";
import { verifyCustomSignature, verifyWebhook, WebhookVerificationError } from "#server/sdk/switchyard.ts";
import { makeBranch } from "#test/support/branch.ts";
import { type Receipt, startReceiver } from "#test/support/receiver.ts";
import { oneBitOff, oneBitOffBytes } from "#test/support/tampered.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const newSecret = () => `whsec_${randomBytes(24).toString("base64")}`;
const receipt = (receipts: Receipt[], index: number): Receipt => {
  const one = receipts[index];
  if (!one) throw new Error(`There is no delivery ${index}.`);
  return one;
};
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "verified",
    (error: unknown) => (error instanceof WebhookVerificationError ? error.reason : Promise.reject(error)),
  );
const check = (of: Receipt, secret: string) => reasonOf(verifyWebhook(of.body, of.headers, secret));

test("a receiver verifies what a lane sends, with either secret while it is rotated, and knows the event by its id", async () => {
  await using receiver = await startReceiver();
  const [secret, next] = [newSecret(), newSecret()];
  const branch = await makeBranch(world, { to: { url: receiver.url, auth: { signing_secret: secret } } });
  await branch.post('{"note":"Grüße","n":1.0}');
  const first = receipt(await receiver.received(1), 0);
  const [event] = await world.events(branch.id);
  const verified = await verifyWebhook(first.body, first.headers, secret);
  expect(verified.id).toBe(event?.id);
  expect(Math.abs(verified.timestamp.getTime() - first.atMs)).toBeLessThan(5_000);
  expect(await check(first, next)).toBe("wrong_signature");
  await rotateDestinationSecret(world.ctx, { id: branch.destinationId, secret: next });
  await world.worker.config.upToDate();
  await branch.post(Uint8Array.from([0, 0xff, 0xfe, 0x80, 10]));
  const second = receipt(await receiver.received(2), 1);
  expect([await check(second, secret), await check(second, next)]).toEqual(["verified", "verified"]);
});

test("a receiver refuses a delivery of which one bit is another: of body, id, time stamp, signature or secret", async () => {
  await using receiver = await startReceiver();
  const secret = newSecret();
  const branch = await makeBranch(world, { to: { url: receiver.url, auth: { signing_secret: secret } } });
  await branch.send({ amount: 4200 });
  const sent = receipt(await receiver.received(1), 0);
  expect(await check(sent, secret)).toBe("verified");
  const changed: Promise<string>[] = [
    ...oneBitOffBytes(sent.body).map((body) => reasonOf(verifyWebhook(body, sent.headers, secret))),
    ...["webhook-id", "webhook-timestamp", "webhook-signature"].flatMap((name) =>
      oneBitOff(String(sent.headers[name])).map((value) =>
        reasonOf(verifyWebhook(sent.body, { ...sent.headers, [name]: value }, secret)),
      ),
    ),
    ...oneBitOff(secret).map((other) => check(sent, other)),
  ];
  expect(changed.length).toBeGreaterThan(900);
  expect([...new Set(await Promise.all(changed))].toSorted()).toEqual([
    "malformed_header",
    "unusable_secret",
    "wrong_signature",
  ]);
});

test("a receiver verifies a signature in a header of its own choice, also while its secret is rotated", async () => {
  await using receiver = await startReceiver();
  const auth = {
    header: "X-Shop-Signature",
    signing_secret: "old",
    algorithm: "sha512",
    encoding: "base64url",
  } as const;
  const branch = await makeBranch(world, { to: { url: receiver.url, auth_type: "CUSTOM_SIGNATURE", auth } });
  await branch.send({ n: 1 });
  await receiver.received(1);
  await rotateDestinationSecret(world.ctx, { id: branch.destinationId, secret: "new" });
  await world.worker.config.upToDate();
  await branch.send({ n: 2 });
  const [first, second] = (await receiver.received(2)).map(
    (of) => (secret: string) => reasonOf(verifyCustomSignature(of.body, of.headers, secret, auth)),
  );
  expect([await first?.("old"), await first?.("new")]).toEqual(["verified", "wrong_signature"]);
  expect([await second?.("old"), await second?.("new"), await second?.("none")]).toEqual([
    "verified",
    "verified",
    "wrong_signature",
  ]);
});

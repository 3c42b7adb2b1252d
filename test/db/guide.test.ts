// The examples of the docs that claim to run: commands against the product, code in the sandbox.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill, fillsOf } from "#components/docs/fills.ts";
import { apiKeyRow, newApiKey } from "#server/auth/api-key.ts";
import { TransformRequest } from "#server/contracts/transformation.ts";
import { childEnv } from "#server/env.ts";
import { PUBLIC_GATEWAY_URL } from "#test/support/gateway.ts";
import { examples, followed } from "#test/support/guide-examples.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = newApiKey();
  const of = { key, name: "docs", scope: "write" as const, teamIds: [world.ctx.teamId], expiresAt: null };
  await world.ctx.app.db.apiKey.create({ data: apiKeyRow(new Date(), of) });
});
afterAll(() => world[Symbol.asyncDispose]());

const commands = examples.filter(({ role, language }) => role === "run" && language === "sh");
const pagesWithCommands = [...new Set(commands.map(({ slug }) => slug))];

/** The commands of a page one after the other, as somebody would paste them. Any refusal ends them. */
async function runCommands(slug: string): Promise<string> {
  const connection = await world.connect({
    name: `of-${slug}`,
    source: {
      name: `of-${slug}`,
      config: { auth_type: "HMAC", auth: { secret: "a-shared-secret", signature_header: "x-s" } },
    },
    destination: { name: `of-${slug}`, type: "MOCK" },
  });
  const fills = fillsOf(world.doorUrl, connection);
  const texts = commands
    .filter((command) => command.slug === slug)
    .map(({ text }) =>
      fill(text, fills)
        .map((part) => part.text)
        .join(""),
    );
  // What the API says of its own address has to lead to this world's door.
  const { hostname } = new URL(PUBLIC_GATEWAY_URL);
  const port = new URL(world.doorUrl).port;
  const curl = `curl() { command curl -sS --fail-with-body --connect-to ${hostname}:80:127.0.0.1:${port} "$@"; echo; }`;
  const script = ["set -euo pipefail", curl, ...texts].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { env: childEnv({ KEY: key }) });
  return stdout;
}

describe("the commands", () => {
  test("are on most pages", () => expect(pagesWithCommands.length).toBeGreaterThan(4));

  test.each(pagesWithCommands)("of %s are all accepted", async (slug) => {
    expect(await runCommands(slug)).not.toContain('"error"');
  });

  test("of the first page end in a delivered event", async () => {
    const delivered = () =>
      world.all<{ n: number }>(
        `select count(*)::int as n from event e join connection c on c.id = e.connection_id
         where c.name = 'paid-invoices' and e.status = 'DELIVERED'`,
      );
    await eventually(delivered, ([row]) => row?.n === 1);
  });
});

describe("the code of transformations", () => {
  const code = followed("transform");

  test("is there", () => expect(code.length).toBeGreaterThan(1));

  test.each(code)("makes of its input what stands below it (%#)", async ({ example, by }) => {
    const read = (role: string) => JSON.parse(by.find((one) => one.role === role)?.text ?? "null");
    const request = TransformRequest.parse(read("in"));
    const ran = await world.ctx.app.sandbox.run({ teamId: world.ctx.teamId, code: example.text, env: {}, request });
    expect(ran).toMatchObject({ kind: "returned", request: read("out") });
  });
});

describe("a refusal", () => {
  const ask = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const sent = body && { method: "POST", body: JSON.stringify(body) };
    return (await fetch(`${world.doorUrl}/v1${path}`, { headers, ...sent })).headers.get("link");
  };

  test("leads to the page of the docs about it, or about the field that is wrong", async () => {
    expect(await ask("/sources/src_none")).toBe('</docs/errors#not_found>; rel="help"');
    const rules = [{ type: "filter", body: { amount: { $gtx: 1 } } }];
    const connection = { name: "c", source: { name: "x" }, destination: { name: "x", type: "MOCK" }, rules };
    expect(await ask("/connections", connection)).toBe('</docs/filter>; rel="help"');
    expect(await ask("/sources")).toBeNull();
  });
});

// Flows from the command line: a file is planned, applied, and is a fixed point of its export.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countConfig, createApi, type TestApi } from "#test/support/api.ts";
import { type Cli, makeCli } from "#test/support/cli.ts";

const FLOW = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: payments }
spec:
  source:
    name: payment-provider
    type: STRIPE
    auth: { secret: { secretFrom: { env: STRIPE_SECRET } } }
  destinations:
    - name: order-processing
      url: https://orders.example.com/hooks
`;
const STRIPE_SECRET = "whsec_payments_secret_of_the_test";

let api: TestApi;
let cli: Cli;
let file: string;
beforeAll(async () => {
  api = await createApi();
  cli = await makeCli({
    SWITCHYARD_URL: api.origin,
    SWITCHYARD_API_KEY: api.key,
    STRIPE_SECRET,
    OWN: "x".repeat(9_000),
  });
  file = join(cli.home, "payments.yaml");
  await writeFile(file, FLOW);
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

test("a plan saves nothing, an apply asks first, and the second one changes nothing", async () => {
  const before = await countConfig(api);
  const planned = await cli.run(["flows", "plan", file]);
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining("+ source payment-provider") });
  expect(planned.out).not.toContain(STRIPE_SECRET);
  const unasked = await cli.run(["flows", "apply", file]);
  expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining("--yes")]);
  expect(await countConfig(api)).toEqual(before);

  expect(await cli.run(["flows", "apply", file, "--yes"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("Applied"),
  });
  const again = await cli.run(["flows", "apply", file, "--yes", "--json"]);
  expect(JSON.parse(again.out)).toMatchObject({ is_changed: false });

  const out = join(cli.home, "exported.yaml");
  expect((await cli.run(["flows", "export", "-o", out])).code).toBe(0);
  expect((await cli.run(["flows", "plan", out])).out).toContain("What runs is what the file says.");
});

test("a name in a transformation's env is no name of the machine's environment", async () => {
  const own = join(cli.home, "env.yaml");
  const env =
    "\n        OWN:\n          secretFrom:\n            # as the shop has it\n            env: STRIPE_SECRET\n";
  const spec = `  transformations:\n    - name: own\n      code: return request\n      env:${env}`;
  await writeFile(own, `${FLOW.slice(0, FLOW.indexOf("  source:"))}${spec}`.replace("payments", "own-env"));
  // A value of that length is refused wherever it is sent.
  expect(await cli.run(["flows", "plan", own])).toMatchObject({
    code: 0,
    out: expect.stringContaining("+ transformation own"),
  });
});

test("a file that cannot be written is a wrong use, with its name", async () => {
  const exported = await cli.run(["flows", "export", "-o", join(cli.home, "none/x.yaml")]);
  expect([exported.code, exported.err]).toEqual([2, expect.stringContaining("x.yaml cannot be written (ENOENT)")]);
});

test("a file with a mistake is refused with its line and field, and nothing is applied", async () => {
  const before = await countConfig(api);
  const wrong = join(cli.home, "wrong.yaml");
  await writeFile(wrong, FLOW.replace("url: https://orders.example.com/hooks", "ulr: https://orders.example.com"));
  const planned = await cli.run(["flows", "apply", wrong, "--yes"]);
  expect([planned.code, planned.err]).toEqual([1, expect.stringMatching(/wrong\.yaml:\d+ spec\.destinations\[0\]/)]);
  expect(await countConfig(api)).toEqual(before);
  expect((await cli.run(["flows", "plan", join(cli.home, "none.yaml")])).code).toBe(2);
});

import { expect, test } from "vitest";
import { parseEnv } from "#server/env.ts";
import { makeBanner } from "#server/start/banner.ts";

const bannerOf = (egressAllow: string) =>
  makeBanner({ env: parseEnv({ EGRESS_ALLOW: egressAllow }), apiKey: undefined, ownerToken: undefined })
    .split("\n")
    .filter((line) => /reach|Open for/.test(line));

test("the banner names what deliveries may reach, and which of it is open for all teams", () => {
  expect(bannerOf("10.1.0.0/16, tm_a@10.2.0.0/16:443,[fd00::/8]:443")).toEqual([
    expect.stringContaining("may also reach 10.1.0.0/16, tm_a@10.2.0.0/16:443, [fd00::/8]:443;"),
    expect.stringContaining("Open for all teams: 10.1.0.0/16, [fd00::/8]:443. For one team alone: tm_…@"),
  ]);
  expect(bannerOf("tm_a@10.2.0.0/16")).toEqual([expect.stringContaining("may also reach tm_a@10.2.0.0/16;")]);
  expect(bannerOf("")).toEqual([]);
});

import { expect, test } from "vitest";
import { DEMO_OFFER, demoLine } from "#components/start/demo-words.ts";
import { newTryingSecret, QUICK_TYPES, withSecret } from "#components/start/generated-secret.ts";
import type { Demo } from "#server/contracts/demo.ts";
import { DEMO_SIZE } from "#server/contracts/demo-size.ts";
import { RULE_ORDER, Rules } from "#server/contracts/rule.ts";
import { DEMO_PROVIDERS } from "#server/demo/providers.ts";
import { DEMO_CONNECTIONS, DEMO_DESTINATIONS } from "#server/demo/topology.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";

const bytes = new Uint8Array(24).fill(0xab);

test("a source that is made by one press takes the secret that is made for it, and a plain one has none", () => {
  for (const type of QUICK_TYPES) {
    const secret = newTryingSecret(type, bytes);
    expect(newSourceConfig(type, { auth: { secret } }).auth).toMatchObject({ secret });
  }
  expect(newTryingSecret("WEBHOOK", bytes)).toBeNull();
  expect(newSourceConfig("WEBHOOK", {}).auth_type).toBe("NONE");
});

test("a command has the secret in front of it only where this page knows it", () => {
  expect(withSecret("curl x", "SOURCE_SECRET", "abc")).toBe("SOURCE_SECRET='abc'\ncurl x");
  expect(withSecret("curl x", "SOURCE_SECRET", undefined)).toBe("curl x");
  expect(withSecret("curl x", null, "abc")).toBe("curl x");
});

test("the demo is as large as it is said to be, its rules are rules, and every kind of rule is among them", () => {
  expect(DEMO_SIZE).toEqual({
    sources: Object.keys(DEMO_PROVIDERS).length,
    connections: DEMO_CONNECTIONS.length,
    destinations: Object.keys(DEMO_DESTINATIONS).length,
  });
  expect(DEMO_OFFER).toContain(`${DEMO_SIZE.connections} connections`);
  const rules = DEMO_CONNECTIONS.flatMap((connection) => Rules.parse(connection.rules("trs_1")));
  expect(new Set(rules.map(({ type }) => type))).toEqual(new Set(RULE_ORDER));
});

test("one line says what the demo does, and why nothing arrives where nothing does", () => {
  const demo: Demo = {
    state: "sending",
    id: "dem_1",
    source_ids: [],
    destination_ids: [],
    transformation_ids: [],
    sent_count: 1,
    sends_until: "2026-01-02T10:42:07.000Z",
    problem: null,
    loaded_at: "2026-01-02T10:32:07.000Z",
  };
  expect(demoLine(demo)).toBe("The demo sends 3 signed webhooks a second until 10:42 UTC, 1 webhook so far.");
  expect(demoLine({ ...demo, problem: "No gateway answers." })).toBe("No gateway answers.");
  expect(demoLine({ ...demo, state: "resting", problem: "No gateway answers.", sent_count: 1800 })).toBe(
    "The demo is loaded, and rests after 1800 webhooks.",
  );
  expect(demoLine({ ...demo, state: "removing" })).toMatch(/being removed/);
});

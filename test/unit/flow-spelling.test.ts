// The spelling of a flow's fields: each setting of a destination or a source has one, and the way back is exact.
import { expect, test } from "vitest";
import type { z } from "zod";
import { DESTINATION_KINDS, type DestinationType } from "#server/contracts/destination.ts";
import { destinationShape } from "#server/flows/shapes.ts";
import { camel, type Noting, snake, toApi, toFile } from "#server/flows/spelling.ts";

function noting() {
  const problems: string[] = [];
  const note: Noting = { problem: (path, message) => problems.push(`${path}: ${message}`), place: () => undefined };
  return { note, problems };
}

/** A field whose value is an object has a shape of its own: else its fields would be spelt as the API spells them. */
const isObject = (type: z.ZodType): boolean => {
  const { def } = type as unknown as {
    def: { type: string; innerType?: z.ZodType; element?: z.ZodType; options?: z.ZodType[] };
  };
  if (def.type === "object") return true;
  return [def.innerType, def.element, ...(def.options ?? [])].some((inner) => inner !== undefined && isObject(inner));
};

const APART = ["auth", "headers"];

test.each(Object.keys(DESTINATION_KINDS) as DestinationType[])("every setting of %s has its shape", (type) => {
  const shape = destinationShape(type);
  const settings = Object.entries(DESTINATION_KINDS[type].config.shape).filter(([name]) => !APART.includes(name));
  expect(shape.fields.map(({ api }) => api).sort()).toEqual(
    settings
      .map(([name]) => name)
      .filter((name) => name !== "rate_limit_period")
      .sort(),
  );
  const plain = shape.fields.filter(({ shape: own }) => own === "plain").map(({ api }) => api);
  const objects = settings.filter(([, contract]) => isObject(contract as z.ZodType)).map(([name]) => name);
  expect(objects.length).toBeGreaterThan(1);
  expect(plain.filter((name) => objects.includes(name))).toEqual([]);
});

test.each(Object.keys(DESTINATION_KINDS) as DestinationType[])("a name of %s goes there and back", (type) => {
  for (const name of Object.keys(DESTINATION_KINDS[type].config.shape)) expect(snake(camel(name))).toBe(name);
});

test.each([
  [{ timeout_ms: 20_000 }, { timeout: "20s" }],
  [{ timeout_ms: 1_500 }, { timeout: "1500ms" }],
  [{ rate_limit: 900, rate_limit_period: "hour" }, { rateLimit: "900/hour" }],
  [{ dead_letter_destination_id: "parked" }, { deadLetter: "parked" }],
  [
    { retry: { strategy: "custom", schedule: [1_000, 3_600_000] } },
    { defaultRetry: { strategy: "custom", schedule: ["1s", "1h"] } },
  ],
  [{ concurrency: 25 }, {}],
])("%j is written as %j", (api, file) => {
  const shape = destinationShape("HTTP");
  const whole = { ...shape.defaults, ...api };
  expect(toFile(whole, shape)).toEqual(file);
  const { note, problems } = noting();
  expect([toApi(file, shape, note), problems]).toEqual([whole, []]);
});

test.each([
  [{ timeout: 15 }, "timeout: Give a duration with its unit, such as 500ms, 15s, 5m or 2h."],
  [{ timeout: "1.5s" }, "timeout: Give a duration with its unit, such as 500ms, 15s, 5m or 2h."],
  [
    { rateLimit: 900 },
    "rateLimit: Give a number and a period, such as 900/minute; the period is second, minute or hour.",
  ],
  [{ rate_limit: 900 }, "rate_limit: There is no field rate_limit here: remove it or check its spelling."],
  [{ breaker: { probeMin: "soon" } }, "breaker.probeMin: Give a duration with its unit, such as 500ms, 15s, 5m or 2h."],
])("%j is refused", (file, problem) => {
  const { note, problems } = noting();
  toApi(file, destinationShape("HTTP"), note);
  expect(problems).toEqual([problem]);
});

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resolveTime, TimeBound } from "#server/contracts/time-bound.ts";

const NOW = Date.UTC(2026, 10, 25, 21, 13);
const TIMES: [bound: string, iso: string][] = [
  ["2026-11-25T21:13:00", "2026-11-25T21:13:00.000Z"],
  ["2026-11-25T21:13", "2026-11-25T21:13:00.000Z"],
  ["2026-11-25 21:13:00", "2026-11-25T21:13:00.000Z"],
  ["2026-11-25T21:13:00.1239Z", "2026-11-25T21:13:00.123Z"],
  ["2026-11-25T21:13:00z", "2026-11-25T21:13:00.000Z"],
  ["2026-11-25T21:13:00+02:00", "2026-11-25T19:13:00.000Z"],
  ["2026-11-25T21:13:00 02:00", "2026-11-25T19:13:00.000Z"],
  ["2026-11-25T21:13:00-0530", "2026-11-26T02:43:00.000Z"],
  ["2026-11-25T21:13:00+02", "2026-11-25T19:13:00.000Z"],
  ["2026-11-25", "2026-11-25T00:00:00.000Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ["0000-01-01", "1970-01-01T00:00:00.000Z"],
  ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ["now", "2026-11-25T21:13:00.000Z"],
  ["now-24h", "2026-11-24T21:13:00.000Z"],
  ["now-15m", "2026-11-25T20:58:00.000Z"],
  ["now-999999w", "1970-01-01T00:00:00.000Z"],
];

test.each(TIMES)("%s is %s", (bound, iso) => {
  expect(TimeBound.safeParse(bound).success).toBe(true);
  expect(new Date(resolveTime(bound, NOW)).toISOString()).toBe(iso);
});

test.each([
  ...["5", "", "2026", "2026-11", "2026-02-31", "2026-13-01", "2026-00-10", "2026-11-00", "2025-02-29", "20261125"],
  ...["Nov 25 2026", "Wed, 25 Nov 2026 21:13:00 GMT", "2026-11-25T24:00:00Z", "2026-11-25T21:60:00Z", "2026-11-25T21"],
  ...["2026-11-25T21:13:60Z", "2026-11-25T21:13:00+25:00", "2026-11-25T21:13:00 EST", "1764105180000", "-1", "1e3"],
  ...[
    "yesterday",
    "now-",
    "now-5",
    "now-5y",
    "now+5m",
    "NOW",
    " now",
    "2026-11-25\n",
    "٢٠٢٦-١١-٢٥",
    "x".repeat(100_000),
  ],
])("%j is refused with the forms", (bound) => {
  const result = TimeBound.safeParse(bound);
  expect(result.error?.issues[0]?.message).toMatch(/such as 2026-05-29T00:00:00Z .* now-24h/);
});

test("no bound depends on the zone of the server", () => {
  const path = fileURLToPath(new URL("../../server/contracts/time-bound.ts", import.meta.url));
  const script = `import { resolveTime } from ${JSON.stringify(path)};
    const bounds = ${JSON.stringify(TIMES.map(([bound]) => bound))};
    console.log(JSON.stringify([new Date(0).getHours(), bounds.map((bound) => new Date(resolveTime(bound, ${NOW})).toISOString())]));`;
  const text = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    env: { TZ: "America/New_York", NODE_ENV: "test" },
    encoding: "utf8",
  });
  expect(JSON.parse(text)).toEqual([19, TIMES.map(([, iso]) => iso)]);
});

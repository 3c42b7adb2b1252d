import { expect, test } from "vitest";
import { changesOf, isSecret, labelOf, textOf, valuesOf } from "#components/destination-drawer/destination-fields.ts";
import { bindingWords, limitWords, sharesOf } from "#components/destination-drawer/limit-words.ts";
import { durationWords, readDuration } from "#components/resource-form/duration-words.ts";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { type Destination, UpdateDestination } from "#server/contracts/destination.ts";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import { readBreaker } from "#server/events/breaker-record.ts";

const FIXED = {
  id: "des_1",
  team_id: "tm_1",
  name: "orders-api",
  description: null,
  unusable_because: null,
  disabled_at: null,
  created_at: "2026-11-26T06:00:00.000Z",
  updated_at: "2026-11-26T06:00:00.000Z",
  breaker: readBreaker(null, undefined, { holds: false, nowMs: 0 }),
};
const HTTP: Destination = {
  ...FIXED,
  type: "HTTP",
  config: {
    url: "https://orders.example/hooks",
    http_method: null,
    path_forwarding_disabled: false,
    headers: { "x-env": "…prod" },
    timeout_ms: 15_000,
    rate_limit: 120,
    rate_limit_period: "minute",
    concurrency: 5,
    retry: { strategy: "exponential", interval: 60_000, count: 8, response_status_codes: ["500-599", "!501"] },
    dead_letter_destination_id: null,
    breaker: DEFAULT_BREAKER,
    maintenance_windows: [],
    ...NO_ORDER,
    groups: null,
    auth_type: "API_KEY",
    auth: { header: "x-key", api_key: "…9b1d" },
  },
};
const edited = (destination: Destination, changes: Record<string, unknown>) =>
  changesOf(changes, { ...valuesOf(destination), ...changes });

test("only what was changed is sent, in the words of the API", () => {
  expect(edited(HTTP, { description: "", "config.http_method": "PUT" })).toEqual({
    description: null,
    config: { http_method: "PUT" },
  });
  expect(edited(HTTP, { "config.http_method": "AS_RECEIVED", "config.timeout_ms": "30 s" })).toEqual({
    config: { http_method: null, timeout_ms: 30_000 },
  });
  expect(edited(HTTP, { "config.rate_limit": "", "config.concurrency": "1,000" })).toEqual({
    config: { rate_limit: null, concurrency: 1000 },
  });
});

test("what is no number goes as it was typed, and the contract refuses it at its field", () => {
  const sent = edited(HTTP, { "config.rate_limit": "many", "config.timeout_ms": "soon" });
  expect(sent).toEqual({ config: { rate_limit: "many", timeout_ms: "soon" } });
  const { error } = UpdateDestination.safeParse({ id: "des_1", ...sent });
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["config.timeout_ms", "config.rate_limit"]);
});

test("another kind of authentication is sent whole, and of the same kind what was changed alone", () => {
  expect(edited(HTTP, { "config.auth.api_key": "new-key" })).toEqual({ config: { auth: { api_key: "new-key" } } });
  const basic = { "config.auth_type": "BASIC_AUTH", "config.auth.username": "u", "config.auth.password": "p" };
  expect(edited(HTTP, basic)).toEqual({
    config: { auth_type: "BASIC_AUTH", auth: { username: "u", password: "p" } },
  });
  expect(edited(HTTP, { "config.auth_type": "NONE" })).toEqual({ config: { auth_type: "NONE" } });
});

test("a header keeps its masked value, and an empty row is none", () => {
  const rows = [
    { name: "x-env", value: "…prod" },
    { name: "x-new", value: "1" },
    { name: "", value: "" },
  ];
  expect(edited(HTTP, { "config.headers": rows })).toEqual({
    config: { headers: { "x-env": "…prod", "x-new": "1" } },
  });
});

test("a retry policy is read in words and sent as a whole", () => {
  expect(valuesOf(HTTP)).toMatchObject({
    "config.retry.interval": "1 min",
    "config.retry.count": "9",
    "config.retry.response_status_codes": "500-599, !501",
  });
  expect(edited(HTTP, { "config.retry.count": "4" })).toEqual({
    config: {
      retry: { strategy: "exponential", interval: 60_000, count: 3, response_status_codes: ["500-599", "!501"] },
    },
  });
  const custom = { "config.retry.strategy": "custom", "config.retry.schedule": "30 s, 5 min, 1 h 30 min" };
  expect(edited(HTTP, { ...custom, "config.retry.count": "10" })).toMatchObject({ config: { retry: { count: 9 } } });
  const emptied = { ...custom, "config.retry.count": "", "config.retry.response_status_codes": "" };
  expect(edited(HTTP, emptied)).toEqual({
    config: { retry: { strategy: "custom", schedule: [30_000, 300_000, 5_400_000] } },
  });
  expect(edited(HTTP, { "config.retry.strategy": "default" })).toEqual({ config: { retry: null } });
});

test("a destination that is not changed reads and sends back as the contract takes it", () => {
  const mock: Destination = {
    ...FIXED,
    type: "MOCK",
    config: {
      status: 503,
      latency_ms: 250,
      body: "busy",
      error_code: "TIMEOUT",
      answers: [{ status: 500 }, {}],
      rate_limit: null,
      rate_limit_period: "minute",
      concurrency: 25,
      retry: null,
      dead_letter_destination_id: null,
      breaker: DEFAULT_BREAKER,
      maintenance_windows: [],
      ...NO_ORDER,
    },
  };
  for (const destination of [HTTP, mock]) {
    const all = valuesOf(destination);
    const { config } = UpdateDestination.parse({ id: "des_1", ...changesOf(all, all) });
    const { auth: _auth, breaker, ...rest } = destination.config as Record<string, unknown>;
    // The mode has buttons of its own.
    const { mode: _mode, ...settings } = breaker as Record<string, unknown>;
    expect(config).toMatchObject({ ...rest, breaker: settings });
  }
});

test("a share is read in percent, spans in words, and no word at all turns a reason to open off", () => {
  expect(
    edited(HTTP, {
      "config.breaker.failure_share": "60 %",
      "config.breaker.consecutive_failures": "",
      "config.breaker.probe_max_ms": "10 min",
      "config.breaker.count_timeouts": false,
      "config.dead_letter_destination_id": "des_2",
    }),
  ).toEqual({
    config: {
      breaker: { failure_share: 0.6, consecutive_failures: null, probe_max_ms: 600_000, count_timeouts: false },
      dead_letter_destination_id: "des_2",
    },
  });
  expect(edited(HTTP, { "config.breaker.failure_share": "0.25" })).toEqual({
    config: { breaker: { failure_share: 0.25 } },
  });
  expect(edited(HTTP, { "config.breaker.failure_share": "many" })).toEqual({
    config: { breaker: { failure_share: "many" } },
  });
});

test("credentials and headers are kept in no storage", () => {
  const kept = Object.keys(valuesOf(HTTP)).filter((field) => !isSecret(field));
  expect(kept.filter((field) => /secret|password|token|api_key|headers/.test(field))).toEqual([]);
  expect(textOf("config.auth.token", "hunter2")).not.toContain("hunter2");
});

test("fields of the audit log have names too", () => {
  expect(labelOf("config.retry.interval")).toBe("Retry (interval)");
  expect(labelOf("config.headers.x-env")).toBe("Headers (x-env)");
  expect(labelOf("config.auth.token")).toBe("Authentication (token)");
  expect(labelOf("config.answers[2].latency_ms")).toBe("Answers in turn ([2].latency_ms)");
  expect(labelOf("other")).toBe("other");
});

test("durations are read as they are written", () => {
  for (const ms of [0, 250, 1500, 15_000, 60_000, 5_400_000, 21_600_000, 86_400_000]) {
    expect(readDuration(durationWords(ms))).toBe(ms);
  }
  expect(readDuration("90")).toBe(90_000);
  expect(readDuration("250", "ms")).toBe(250);
  expect(readDuration("2 minutes")).toBe(120_000);
  for (const text of ["", "soon", "1 fortnight", "-1 s", "1 s!"]) expect(readDuration(text)).toBeUndefined();
});

test("a limit is said in words, with who shares it and which of two binds", () => {
  const pace = { rateLimit: 120, period: "minute", concurrency: 5, sharers: 3 };
  expect(limitWords(pace)).toBe("At most 120 a minute, shared by 3 connections, and never more than 5 at once.");
  expect(limitWords({ ...pace, rateLimit: null, sharers: 1 })).toBe(
    "As fast as it answers, and never more than 5 at once.",
  );
  expect(bindingWords(pace, 640)).toBe("5 at once and 640 ms each would allow 468 a minute: the rate binds first.");
  expect(bindingWords({ ...pace, rateLimit: 600 }, 640)).toMatch(/the concurrency binds first\.$/);
  expect(bindingWords(pace, null)).toBeUndefined();
  const branches = [
    { name: "clerk", perMinute: 22 },
    { name: "twilio", perMinute: 54 },
    { name: "idle", perMinute: 0 },
  ];
  expect(sharesOf(120, "minute", branches)).toEqual({
    shares: [
      { name: "twilio", perPeriod: 54 },
      { name: "clerk", perPeriod: 22 },
    ],
    used: 76,
    free: 44,
  });
});

// Configurations of a team that a seed decides: every kind of resource, with settings of every shape.
import type { TestApi } from "./api.ts";
import { seeded } from "./seeded.ts";

type Random = () => number;
const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
const maybe = <T extends object>(random: Random, fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(() => random() < 0.5)) as Partial<T>;
const int = (random: Random, from: number, to: number) => from + Math.floor(random() * (to - from + 1));

/** Texts that a reader of YAML could take for something else. */
const TEXTS = [
  "plain",
  "no",
  "1.10",
  "0x1f",
  "2026-01-01",
  "~",
  "# not a comment",
  "a: b",
  " led by a blank",
  "two\nlines\n",
  "ünï ✓",
  "'\"",
  "- x",
  "of two\u2028lines to some",
  `${"long and ".repeat(20)}\n\n  with an indent\n`,
];

const retry = (random: Random) =>
  random() < 0.5
    ? {
        strategy: pick(random, ["exponential", "linear"]),
        interval: int(random, 1_000, 90_000),
        count: int(random, 0, 9),
      }
    : { strategy: "custom", schedule: [1_000, 61_001, 3_600_000], response_status_codes: ["500-599", "!401"] };

function source(random: Random, name: string) {
  const auth = pick(random, [
    {},
    { type: "STRIPE", config: { auth: { secret: "whsec_made_up_for_the_test" } } },
    { type: "GITHUB" },
    { type: "PUBLISH" },
    {
      config: {
        auth_type: "HMAC",
        auth: { secret: "a-secret-of-the-test", signature_header: "x-sig", encoding: "hex" },
      },
    },
    { config: { auth_type: "BASIC_AUTH", auth: { username: "u", password: "a-password-of-the-test" } } },
    { config: { auth_type: "STRIPE", auth: { secret: "whsec_made_up_for_the_test" } } },
  ]) as { config?: object };
  const config = maybe(random, {
    allowed_http_methods: ["POST", "PUT"],
    custom_response: { status: 202, content_type: "text/plain", body: pick(random, TEXTS) },
    body_limit_bytes: int(random, 1_000, 10_000),
    masked_paths: ["body.card.number"],
  });
  return {
    name,
    ...auth,
    config: { ...config, ...auth.config, ...(random() < 0.3 && { rate_limit: 7, rate_limit_period: "hour" }) },
    ...maybe(random, { description: pick(random, TEXTS), disabled: random() < 0.5 }),
  };
}

function destination(random: Random, name: string, deadLetter: string | undefined) {
  const limits = {
    ...(random() < 0.4 && {
      rate_limit: int(random, 1, 900),
      rate_limit_period: pick(random, ["second", "minute", "hour"]),
    }),
    ...maybe(random, {
      concurrency: int(random, 1, 90),
      retry: retry(random),
      breaker: { mode: "off", probe_min_ms: 5_000 },
      maintenance_windows: [
        { kind: "weekly", days: ["sun"], start: "02:00", end: "04:00", time_zone: "Europe/Oslo" },
        { kind: "once", from: "2026-01-01T00:00:00Z", until: "2026-01-01T01:00:00Z" },
      ],
    }),
    ...(random() < 0.4 && { ordering: "by_key", ordering_key: 'body["a.b"].id', on_order_failure: "skip" }),
    ...(deadLetter && random() < 0.5 && { dead_letter_destination_id: deadLetter }),
  };
  const kinds = [
    {
      type: "MOCK",
      config: { ...maybe(random, { status: 503, answers: [{ status: 500 }, { latency_ms: 1_500, body: "x" }] }) },
    },
    {
      type: "HTTP",
      config: {
        url: `https://${name}.example.com/in?x=1`,
        ...maybe(random, {
          http_method: "PUT",
          timeout_ms: int(random, 100, 60_000),
          path_forwarding_disabled: true,
          headers: { "X-Tenant": "acme", "x-two": "2" },
          groups: {
            key: "body.customer",
            rate_limit_period: "hour",
            overrides: { "a.b": { rate_limit: 5 }, no: { paused: true } },
          },
        }),
        ...pick(random, [
          {},
          { auth_type: "BEARER_TOKEN", auth: { token: "a-token-of-the-test" } },
          {
            auth_type: "CUSTOM_SIGNATURE",
            auth: { header: "x-sig", signing_secret: "a-secret-of-the-test", encoding: "base64" },
          },
          { auth_type: "NONE" },
        ]),
      },
    },
    {
      type: "S3",
      config: {
        bucket: "archive",
        endpoint: "https://store.example.com",
        auth: { access_key_id: "AKIATEST", secret_access_key: "a-secret-key-of-the-test" },
        ...maybe(random, { compression: "gzip", batch_wait_ms: 90_000 }),
      },
    },
  ];
  const { type, config } = pick(random, kinds);
  return {
    name,
    type,
    config: { ...limits, ...config },
    ...maybe(random, { description: pick(random, TEXTS), disabled: random() < 0.5 }),
  };
}

const filter = (random: Random) =>
  maybe(random, {
    body: {
      a: { $gte: 5 },
      "dotted.key": pick(random, TEXTS),
      list: [null, true, 1.5],
      $or: [{ x: "1" }, { y: { $exist: false } }],
    },
    event_type: pick<string | string[]>(random, ["payment.*", ["a", "b"]]),
    headers: { "x-no": "no" },
  });

function rules(random: Random, transformation: string) {
  const clauses = filter(random);
  const all: (object | null)[] = [
    random() < 0.4
      ? { type: "deduplicate", window: int(random, 1_000, 3_600_000), include_fields: ["body.id", 'body["a.b"]'] }
      : null,
    random() < 0.4 ? { type: "transform", transformation_id: transformation } : null,
    Object.keys(clauses).length > 0 ? { type: "filter", ...clauses } : null,
    random() < 0.4 ? { type: "delay", delay: int(random, 1, 100_000) } : null,
    random() < 0.4 ? { type: "retry", ...retry(random) } : null,
  ];
  return all.filter((rule) => rule !== null);
}

/** Makes one in the team of `key`. */
export async function makeConfiguration(api: TestApi, key: string, seed: number): Promise<void> {
  const random = seeded(seed);
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await api.post(path, body, { key });
    if (answer.status !== 201) throw new Error(`${seed} ${path} ${answer.text} ${JSON.stringify(body)}`);
    return answer.body.id;
  };
  const sources: string[] = [];
  for (let n = 0; n < int(random, 1, 3); n++) sources.push(await post("/v1/sources", source(random, `s${n}`)));
  const destinations: string[] = [];
  for (let n = 0; n < int(random, 1, 4); n++)
    destinations.push(await post("/v1/destinations", destination(random, `d${n}`, destinations.at(-1))));
  const code = pick(random, ["return request;", "// it\nrequest.body = {};\nreturn request;\n"]);
  const env = random() < 0.5 ? { env: { TOKEN: "a-token-of-the-test" } } : {};
  const transformation = await post("/v1/transformations", { name: "t", code, ...env });
  for (let n = 0; n < int(random, 0, 6); n++) {
    await post("/v1/connections", {
      name: `c${n}`,
      source_id: pick(random, sources),
      destination_id: pick(random, destinations),
      rules: rules(random, transformation),
      ...maybe(random, { paused: random() < 0.5, disabled: random() < 0.5, description: pick(random, TEXTS) }),
    });
  }
  // A number that no double holds, which no client of JavaScript can send as a value.
  const raw = `{"name":"exact","source_id":"${sources[0]}","destination_id":"${destinations[0]}","rules":[{"type":"filter","body":{"id":12345678901234567890,"n":0.1000000000000000055}}]}`;
  const exact = await api.post("/v1/connections", undefined, { key, raw });
  if (exact.status !== 201) throw new Error(exact.text);
}

import { describe, expect, test } from "vitest";
import { EnvError, parseEnv } from "#server/env.ts";
import { isLoopbackHost } from "#server/env-values.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const DATABASE_URL = "postgresql://user:password@db.example.com:5432/switchyard";

function problemsOf(source: Record<string, string>): string[] {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

describe("parseEnv", () => {
  test("an empty environment is the embedded default on loopback", () => {
    expect(parseEnv({})).toEqual({
      port: 3000,
      gatewayPort: 3001,
      host: "127.0.0.1",
      databaseUrl: undefined,
      dataDir: ".switchyard",
      databaseDisk: undefined,
      secret: undefined,
      apiKey: undefined,
      publicDashboardUrl: "http://localhost:3000",
      loginProvider: undefined,
      publicGatewayUrl: "http://127.0.0.1:3001",
      trustedProxies: ["127.0.0.0/8", "::1/128"],
      egressAllow: ["127.0.0.0/8", "::1/128"],
      retentionDays: 30,
      workerLanes: 50,
      logLevel: "info",
      roles: ["gateway", "web", "worker"],
      showsGallery: false,
    });
  });

  test("the dashboard has a name on this machine, else the address that it binds to or the one that is given", () => {
    const urlOf = (source: Record<string, string>) => parseEnv(source).publicDashboardUrl;
    expect(urlOf({ PORT: "8080" })).toBe("http://localhost:8080");
    expect(urlOf({ HOST: "192.0.2.1" })).toBe("http://192.0.2.1:3000");
    expect(urlOf({ HOST: "192.0.2.1", PUBLIC_DASHBOARD_URL: "https://hooks.example.com/" })).toBe(
      "https://hooks.example.com",
    );
    for (const url of ["hooks.example.com", "ftp://hooks.example.com", "https://hooks.example.com/a", "https://x/?a=b"])
      expect(() => parseEnv({ PUBLIC_DASHBOARD_URL: url })).toThrow("PUBLIC_DASHBOARD_URL must be");
  });

  describe("the mail server", () => {
    const from = "Switchyard <alerts@example.com>";

    test("is what the URL says, with the usual ports and a password in any characters", () => {
      const read = (url: string) => parseEnv({ SMTP_URL: url, SMTP_FROM: from }).mail;
      expect(read("smtp://u%40x:p%2Fw%3A@mail.example.com")).toEqual({
        host: "mail.example.com",
        port: 587,
        isSecure: false,
        login: { user: "u@x", password: "p/w:" },
        from,
      });
      expect(read("smtps://[fd00::1]")).toMatchObject({ host: "fd00::1", port: 465, isSecure: true, login: null });
      expect(read("smtp://relay:25")).toMatchObject({ port: 25 });
      expect(parseEnv({}).mail).toBeUndefined();
    });

    test.each([
      [{ SMTP_FROM: "" }, "SMTP_URL and SMTP_FROM belong together"],
      [{ SMTP_URL: "" }, "SMTP_URL and SMTP_FROM belong together"],
      [{ SMTP_URL: "https://mail.example.com" }, "SMTP_URL must be the URL of a mail server"],
      [{ SMTP_URL: "smtp://mail.example.com/?tls=no" }, "SMTP_URL must be"],
      [{ SMTP_URL: "smtp://user@mail.example.com" }, "SMTP_URL must be"],
      [{ SMTP_URL: "smtp://u:%zz@mail.example.com" }, "SMTP_URL must be"],
      [{ SMTP_FROM: "alerts" }, "SMTP_FROM must be an e-mail address"],
      [{ SMTP_FROM: "a\r\nBcc: b@example.com <c@example.com>" }, "SMTP_FROM must be"],
    ])("is refused with a sentence: %o", (wrong, sentence) => {
      const given = { SMTP_URL: "smtp://u:canary-word@mail.example.com", SMTP_FROM: from, ...wrong };
      expect(() => parseEnv(given)).toThrow(sentence);
      expect(() => parseEnv(given)).not.toThrow("canary-word");
    });
  });

  describe("the company's own log-in", () => {
    const PROVIDER = { OIDC_ISSUER: "https://login.example.com/acme", OIDC_CLIENT_ID: "id", OIDC_CLIENT_SECRET: "s" };

    test("is named after its host and lets in nobody without an invitation, unless the operator says so", () => {
      expect(parseEnv(PROVIDER).loginProvider).toEqual({
        issuer: "https://login.example.com/acme",
        clientId: "id",
        clientSecret: "s",
        name: "login.example.com",
        domains: [],
        role: "viewer",
      });
      const said = { OIDC_NAME: "Acme", OIDC_ALLOWED_DOMAINS: "Acme.example, b.example", OIDC_ROLE: "member" };
      expect(parseEnv({ ...PROVIDER, ...said }).loginProvider).toMatchObject({
        name: "Acme",
        domains: ["acme.example", "b.example"],
        role: "member",
      });
    });

    test.each([
      [{ OIDC_CLIENT_SECRET: "" }, "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together"],
      [{ OIDC_ISSUER: "http://login.example.com" }, "OIDC_ISSUER must be the https URL"],
      [{ OIDC_ALLOWED_DOMAINS: "*" }, 'OIDC_ALLOWED_DOMAINS must not hold "*"'],
      [{ OIDC_ALLOWED_DOMAINS: "a@b.example" }, "OIDC_ALLOWED_DOMAINS must not hold"],
      [{ OIDC_ROLE: "owner" }, "OIDC_ROLE must be one of viewer, member"],
    ])("is refused with a sentence: %o", (wrong, sentence) => {
      expect(() => parseEnv({ ...PROVIDER, ...wrong })).toThrow(sentence);
    });
  });

  test.each([
    ["a host that others reach", { HOST: "0.0.0.0" }],
    ["a database of one's own", { DATABASE_URL, SWITCHYARD_SECRET: SECRET }],
    ["an empty list", { EGRESS_ALLOW: "" }],
  ])("%s closes loopback to deliveries", (_, source) => {
    expect(parseEnv(source).egressAllow).toEqual([]);
  });

  test("a list of CIDRs is split and trimmed, and an address is a range of one", () => {
    expect(parseEnv({ EGRESS_ALLOW: "10.0.0.0/8, 192.168.1.7 ,fd00::1" }).egressAllow).toEqual([
      "10.0.0.0/8",
      "192.168.1.7/32",
      "fd00::1/128",
    ]);
  });

  const spellings: [string, string][] = [
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.1.2.3", "10.1.2.3/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["FD00:0::/8", "fd00::/8"],
    ["[fd00::/8]", "fd00::/8"],
    ["10.1.0.0/16:443", "10.1.0.0/16:443"],
    ["10.1.2.3:8080", "10.1.2.3/32:8080"],
    ["[fd00::/8]:443", "[fd00::/8]:443"],
    ["tm_default@10.1.0.0/16:443", "tm_default@10.1.0.0/16:443"],
    ["tm_01KA7MZ9W3XQ4V5T6R8Y2N1B0C@[fd00::1]:443", "tm_01KA7MZ9W3XQ4V5T6R8Y2N1B0C@[fd00::1/128]:443"],
    ["fd00::1:443", "fd00::1:443/128"],
  ];
  test.each(spellings)("EGRESS_ALLOW=%s is the entry %s, which reads as itself", (text, entry) => {
    expect(parseEnv({ EGRESS_ALLOW: text }).egressAllow).toEqual([entry]);
    expect(parseEnv({ EGRESS_ALLOW: entry }).egressAllow).toEqual([entry]);
  });

  const loose: [string, string][] = [
    ["010.0.0.0/8", "10.0.0.0/8"],
    ["127.1/8", "four decimal parts"],
    ["1/8", "four decimal parts"],
    ["0x7f.0.0.1/8", "four decimal parts"],
    ["2130706433", "four decimal parts"],
    ["10.0", "four decimal parts"],
    ["10.1.2.3/16", "10.1.0.0/16 for the range, or 10.1.2.3/32"],
    ["fd00::1/8", "fd00::/8 for the range, or fd00::1/128"],
    ["10.0.0.0/33", "from 0 to 32"],
    ["fd00::/129", "from 0 to 128"],
    ["10.0.0.0/08", "from 0 to 32"],
    ["10.0.0.0/", "from 0 to 32"],
    ["10.0.0.0/8/8", "one slash"],
    ["10.0.0.0 /8", "10.0.0.0/8"],
    ["10.0.0.0\t/8", "10.0.0.0/8"],
    ["10.0.0.0/8,,::1", "extra comma"],
    ["10.0.0.0/8,", "extra comma"],
    ["::ffff:127.0.0.0/104", "the IPv4 range itself: 127.0.0.0/8"],
    ["::ffff:a00:1", "the IPv4 range itself: 10.0.0.1/32"],
    ["fe80::1%eth0", "leave out the zone: fe80::1"],
    ["proxy.example.com", "such as 10.1.0.0/16"],
  ];
  test.each(loose)("a list with %j is refused by its name, with the right spelling", (text, remedy) => {
    for (const name of ["EGRESS_ALLOW", "TRUSTED_PROXIES"]) {
      const [problem = "", ...more] = problemsOf({ [name]: text });
      expect(more).toEqual([]);
      expect(problem.startsWith(`${name} must not hold "${text.startsWith("10.0.0.0/8,") ? "" : text}": `)).toBe(true);
      expect(problem).toContain(remedy);
    }
  });

  test.each([
    ["fd00::/8:443", "[fd00::/8]:443"],
    ["10.0.0.0/8:0", "from 1 to 65535"],
    ["10.0.0.0/8:", "from 1 to 65535"],
    ["10.0.0.0/8:65536", "from 1 to 65535"],
    ["team@10.0.0.0/8", "a team's id before the @"],
    ["@10.0.0.0/8", "a team's id before the @"],
    ["tm_a@tm_b@10.0.0.0/8", "such as 10.1.0.0/16"],
    ["tm_a@010.0.0.0/8:443", "10.0.0.0/8"],
  ])("EGRESS_ALLOW=%s is refused with the right spelling", (text, remedy) => {
    expect(problemsOf({ EGRESS_ALLOW: text })).toEqual([expect.stringContaining(`must not hold "${text}": `)]);
    expect(problemsOf({ EGRESS_ALLOW: text }).join()).toContain(remedy);
  });

  test("a proxy is trusted as a range alone", () => {
    for (const text of ["tm_a@10.0.0.0/8", "10.0.0.0/8:443", "[fd00::/8]:443"]) {
      expect(problemsOf({ TRUSTED_PROXIES: text })).toEqual([
        expect.stringContaining(`must not hold "${text}": write `),
      ]);
    }
  });

  test("every bad variable is named at once, with what it must be", () => {
    const bad = {
      PORT: "http",
      GATEWAY_PORT: "70000",
      RETENTION_DAYS: "0",
      LOG_LEVEL: "loud",
      SWITCHYARD_ROLES: "web,cook",
    };
    const problems = problemsOf(bad);
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual(Object.keys(bad).sort());
    expect(problems[0]).toBe("PORT must be a port from 1 to 65535 (or 0 for any free one).");
  });

  test.each([
    ["PORT", "1e3"],
    ["PORT", "-1"],
    ["PORT", "3000.5"],
    ["HOST", "127.0.0.1/8"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["DATABASE_URL", "localhost:5432"],
    ["SWITCHYARD_SECRET", SECRET.slice(1)],
    ["SWITCHYARD_API_KEY", "key_0123456789abcdef0123456789abcdef"],
    ["SWITCHYARD_API_KEY", "sy_short"],
    ["PUBLIC_GATEWAY_URL", "hooks.example.com"],
    ["PUBLIC_GATEWAY_URL", "ftp://hooks.example.com"],
    ["EGRESS_ALLOW", "10.0.0.0/33"],
    ["EGRESS_ALLOW", "10.0"],
    ["TRUSTED_PROXIES", "proxy.example.com"],
    ["WORKER_LANES", "many"],
    ["SWITCHYARD_ROLES", ","],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
    ["OTEL_TRACES_SAMPLER_ARG", "10%"],
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
  ])("%s=%s is refused by name", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
  });

  test("no problem quotes the value, which may be a secret", () => {
    const problems = problemsOf({ SWITCHYARD_SECRET: "hunter2", DATABASE_URL: "mysql://root:hunter2@db/x" });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("hunter2");
  });

  test("a database of one's own needs a secret that its processes share", () => {
    expect(problemsOf({ DATABASE_URL })).toEqual([
      expect.stringMatching(/^SWITCHYARD_SECRET is required with DATABASE_URL/),
    ]);
  });

  test("two servers cannot share a port, but both may ask for any free one", () => {
    expect(problemsOf({ PORT: "4000", GATEWAY_PORT: "4000" })).toEqual([
      "PORT and GATEWAY_PORT are both 4000; give them two different ports.",
    ]);
    expect(parseEnv({ PORT: "0", GATEWAY_PORT: "0" })).toMatchObject({ port: 0, gatewayPort: 0 });
  });

  test("traces are off until a collector is named", () => {
    expect(parseEnv({ OTEL_TRACES_SAMPLER_ARG: "0.5" }).traces).toBeUndefined();
    const endpoint = "http://localhost:4318/";
    expect(parseEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).traces).toEqual({
      endpoint: "http://localhost:4318",
      share: 1,
    });
    expect(parseEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: "0.25" }).traces).toMatchObject({
      share: 0.25,
    });
  });

  test("a Postgres behind a Unix socket is a database URL in both of libpq's spellings", () => {
    for (const url of ["postgresql://u:p@/db?host=/run/postgresql", "postgres://u:p@localhost/db?host=%2Frun"]) {
      expect(parseEnv({ DATABASE_URL: url, SWITCHYARD_SECRET: SECRET }).databaseUrl).toBe(url);
    }
  });

  test("the public address follows host and port, as a browser can open it", () => {
    expect(parseEnv({ HOST: "::1", GATEWAY_PORT: "9000" }).publicGatewayUrl).toBe("http://[::1]:9000");
    expect(parseEnv({ HOST: "0.0.0.0" }).publicGatewayUrl).toBe("http://127.0.0.1:3001");
    expect(parseEnv({ PUBLIC_GATEWAY_URL: "https://hooks.example.com/" }).publicGatewayUrl).toBe(
      "https://hooks.example.com",
    );
  });

  test("variables that are set but empty count as unset", () => {
    expect(parseEnv({ PORT: "", DATABASE_URL: " ", SWITCHYARD_API_KEY: "" })).toMatchObject({
      port: 3000,
      databaseUrl: undefined,
    });
  });
});

test("only loopback names count as loopback", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "localhost"].every(isLoopbackHost)).toBe(true);
  expect(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com"].some(isLoopbackHost)).toBe(false);
});

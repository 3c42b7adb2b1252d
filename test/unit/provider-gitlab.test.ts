import { expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { describe } from "#server/providers/describe.ts";
import { presetFor } from "#server/providers/preset.ts";
import { makeSentMask } from "#server/providers/sent-secrets.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { newSourceConfig } from "#server/resources/source-config.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const TOKEN = "glt-0123456789";
const auth = prepareAuth("GITLAB", { secret: TOKEN, previous_secret: "before" });
const ask = (headers: HeaderList) => verify(auth, inbound("{}", headers), 0);
const mustNotParse = () => {
  throw new Error("parsed");
};

test("its token authenticates a sender and verifies nothing of what was sent", () => {
  expect(ask([["X-Gitlab-Token", TOKEN]])).toEqual({ kind: "authenticated", with: "secret" });
  expect(ask([["x-gitlab-token", "before"]])).toEqual({ kind: "authenticated", with: "previous_secret" });
});

test("anything but the whole token is refused", () => {
  const wrong = ["", " ", "glt", `${TOKEN} `, `Bearer ${TOKEN}`, TOKEN.toUpperCase(), `sha256=${TOKEN}`];
  for (const value of wrong) expect(ask([["x-gitlab-token", value]])).toMatchObject({ kind: "rejected" });
  expect(ask([])).toMatchObject({ kind: "rejected", detail: expect.stringContaining("x-gitlab-token") });
  expect(ask([["authorization", TOKEN]])).toMatchObject({ kind: "rejected" });
  for (const settings of [{}, { secret: "" }, { secret: "\n" }])
    expect(verify(prepareAuth("GITLAB", settings), inbound("", [["x-gitlab-token", ""]]), 0).kind).toBe("rejected");
});

test("its events are named in headers, and the body is not read", () => {
  const identify = (headers: HeaderList) =>
    describe("GITLAB", auth, inbound("{}", [["X-Gitlab-Event", "Push Hook"], ...headers]), mustNotParse);
  const uuid: HeaderList = [["X-Gitlab-Event-UUID", "u-1"]];
  expect(identify([...uuid, ["Idempotency-Key", "i-1"]])).toMatchObject({
    eventType: "Push Hook",
    providerEventId: "i-1",
    isIdShared: false,
  });
  expect(identify([...uuid, ["webhook-id", "w-1"]])).toMatchObject({ providerEventId: "w-1", isIdShared: false });
  // GitLab gives an event the UUID of the one that set it off.
  expect(identify(uuid)).toMatchObject({ providerEventId: "u-1", isIdShared: true });
});

test("a source of its type is preset, and its token is never stored", () => {
  expect(presetFor("GITLAB")).toMatchObject({
    auth_type: "GITLAB",
    allowed_http_methods: ["POST"],
    deduplicate_provider_events: true,
  });
  const sent = { path: "/", query: "", headers: [["X-Gitlab-Token", "t"]] satisfies HeaderList };
  for (const authType of ["GITLAB", "NONE", "API_KEY"] as const)
    expect(makeSentMask(authType, {}, "GITLAB")(sent).headers).toEqual([["X-Gitlab-Token", "***"]]);
});

test("settings that could never verify are refused when they are saved", () => {
  const save = (authType: "GITLAB" | "HMAC", settings: Record<string, unknown>) => () =>
    newSourceConfig("WEBHOOK", { auth_type: authType, auth: settings });
  expect(save("GITLAB", { secret: "a\nb" })).toThrow(/line breaks/);
  expect(save("GITLAB", { secret: "" })).toThrow();
  expect(save("HMAC", { secret: "s", signature_header: "X-Gitlab-Token" })).toThrow(/auth_type to GITLAB/);
});

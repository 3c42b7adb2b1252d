import { expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { challenge, describe } from "#server/providers/describe.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";
import { verify } from "#test/support/verify.ts";

const auth = prepareAuth("OKTA", { secret: "hook-secret" });
const nothing = () => undefined;

test("the secret of a hook authenticates it", () => {
  const ask = (value: string) => verify(auth, inbound("{}", [["Authorization", value]]), 0);
  expect(ask("hook-secret")).toEqual({ kind: "authenticated", with: "secret" });
  for (const wrong of ["hook", "hook-secret ", "Bearer hook-secret", ""])
    expect(ask(wrong)).toMatchObject({ kind: "rejected" });
});

test("events are named by the hook's own type and id", () => {
  const hook = { eventType: "com.okta.event_hook", eventId: "b5a188b9" };
  expect(describe("OKTA", auth, inbound("{}", []), () => hook)).toMatchObject({
    eventType: "com.okta.event_hook",
    providerEventId: "b5a188b9",
  });
});

test("its challenge is echoed to a GET alone, before verification, and no text that Okta would not send", () => {
  const ask = (text: string, method = "GET", isVerified = false) => {
    const headers: HeaderList = [["X-Okta-Verification-Challenge", text]];
    return challenge("OKTA", auth, inbound("", headers, { method }), nothing, isVerified);
  };
  expect(ask("Me_rShK8-JH")).toEqual({
    status: 200,
    contentType: "application/json",
    body: '{"verification":"Me_rShK8-JH"}',
  });
  expect(ask("Me_rShK8-JH", "GET", true)).toBeNull();
  expect(ask("Me_rShK8-JH", "POST")).toBeNull();
  for (const text of ["", "<script>", "a b", "é", "x".repeat(129)]) expect(ask(text)).toBeNull();
  expect(challenge("OKTA", auth, inbound("", [], { method: "GET" }), nothing, false)).toBeNull();
});

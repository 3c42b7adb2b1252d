// The product's way out, for tests of what it lets through and how.
import { onTestFinished } from "vitest";
import { type EgressOptions, makeEgress, type SendRequest } from "#server/egress/client.ts";
import { makeEgressPolicy } from "#server/egress/egress-policy.ts";
import { NOWHERE } from "./egress-policy.ts";

/** Closed at the end of the test that opens it. `allow`: the private ranges that it may reach. */
export function openEgress(options: Partial<EgressOptions> = {}, allow = ["127.0.0.0/8"]) {
  const egress = makeEgress({ policy: makeEgressPolicy(allow, NOWHERE), ...options });
  onTestFinished(() => egress.close());
  return {
    ...egress,
    post: (url: URL, more: Partial<SendRequest> = {}) =>
      egress.send({
        teamId: "tm_a",
        url,
        method: "POST",
        headers: [],
        body: Buffer.from("{}"),
        timeoutMs: 5000,
        ...more,
      }),
  };
}

/** The answer of a look-up. */
export const at = (...addresses: string[]) =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
/** A name that is to be looked up, with the port of a server. */
export const named = (hostname: string, url: URL) => new URL(`http://${hostname}:${url.port}/`);

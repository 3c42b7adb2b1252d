// Calls from this installation to its own gateways. A destination can never be one of our listeners; these calls can be
// nothing else. Nobody who uses the product says where they go: the base is PUBLIC_GATEWAY_URL or an address that a gateway
// has written into the database itself, and the path is a source's own.
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { AddressPolicy } from "./address-policy.ts";
import { makeEgress, type SendOutcome } from "./client.ts";

export interface GatewayCall {
  /** PUBLIC_GATEWAY_URL, or the address of a gateway; without a trailing slash. */
  base: string;
  /** Of a stored source. */
  sourceKey: string;
  /** The path and the query behind the source's own. */
  behind?: string;
  method: string;
  headers: HeaderList;
  body: Buffer | null;
  timeoutMs: number;
}

export interface GatewayCalls {
  call(call: GatewayCall): Promise<SendOutcome>;
  /** Asks whether a gateway lives there. */
  askHealth(call: Pick<GatewayCall, "base" | "headers" | "timeoutMs">): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** A gateway may have any address: loopback, private, or behind a proxy. */
const OWN_GATEWAYS: AddressPolicy = {
  scope: "own gateways",
  check: () => ({ kind: "allowed" }),
  checkName: () => ({ kind: "allowed" }),
};

/** They have connections of their own, which no delivery uses. */
export function makeGatewayCalls(): GatewayCalls {
  const egress = makeEgress({ policy: { forTeam: () => OWN_GATEWAYS } });
  return {
    call: ({ base, sourceKey, behind = "", ...request }) => {
      const own = new URL(`${base}/e/${encodeURIComponent(sourceKey)}`);
      const url = new URL(`${own.href}${behind}`);
      if (url.pathname !== own.pathname && !url.pathname.startsWith(`${own.pathname}/`)) {
        throw new Error("A call to a gateway stays below the source's own path.");
      }
      return egress.send({ teamId: "", url, ...request });
    },
    askHealth: ({ base, ...request }) =>
      egress.send({ teamId: "", url: new URL(`${base}/healthz`), method: "GET", body: null, ...request }),
    close: () => egress.close(),
  };
}

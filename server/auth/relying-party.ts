// The name by which authenticators know this installation (WebAuthn Level 3, section 5.1.2).
import { isIP } from "node:net";

export interface RelyingParty {
  id: string;
  /** The one origin whose pages may ask for a passkey. */
  origin: string;
}

/** Null where browsers keep no passkeys: at an address without a name, and on plain http but for this machine itself. */
export function relyingPartyOf(publicDashboardUrl: string): RelyingParty | null {
  const { hostname, protocol, origin } = new URL(publicDashboardUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return null;
  return protocol === "https:" || hostname === "localhost" ? { id: hostname, origin } : null;
}

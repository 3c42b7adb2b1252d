import type { HttpMethod } from "#server/contracts/http.ts";
import { MAX_BODY_BYTES, type SourceConfig, type SourceType } from "#server/contracts/source.ts";
import { providerOfType } from "./table.ts";

const DEFAULT_METHODS: HttpMethod[] = ["POST", "PUT", "PATCH", "DELETE"];

/** What a source's type sets where its owner sets nothing. A provider's secret is the owner's to give: `auth` is empty. */
export function presetFor(type: SourceType): SourceConfig {
  const authType = type === "WEBHOOK" ? "NONE" : (providerOfType(type)?.authType ?? "NONE");
  return {
    auth_type: authType,
    auth: {},
    allowed_http_methods: methodsOf(type),
    custom_response: null,
    deduplicate_provider_events: type !== "WEBHOOK",
    body_limit_bytes: MAX_BODY_BYTES,
  };
}

function methodsOf(type: SourceType): HttpMethod[] {
  if (type === "WEBHOOK") return DEFAULT_METHODS;
  // Twilio calls with GET where its console says so; the others only POST.
  return type === "TWILIO" ? ["POST", "GET"] : ["POST"];
}

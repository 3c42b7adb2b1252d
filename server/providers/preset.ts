import type { HttpMethod } from "#server/contracts/http.ts";
import { ADDED_SOURCE_CONFIG, MAX_BODY_BYTES, type SourceConfig, type SourceType } from "#server/contracts/source.ts";
import { providerOfType } from "./list.ts";

const METHODS: readonly HttpMethod[] = ["POST", "PUT", "PATCH", "DELETE"];

/**
 * The config that a source's type sets where its owner sets nothing. A provider's secret is the owner's to give: `auth` is
 * empty.
 */
export function presetFor(type: SourceType): SourceConfig {
  return {
    auth_type: type === "WEBHOOK" || type === "PUBLISH" ? "NONE" : type,
    auth: {},
    allowed_http_methods: [...(providerOfType(type)?.methods ?? METHODS)],
    custom_response: providerOfType(type)?.response ?? null,
    deduplicate_provider_events: type !== "WEBHOOK",
    body_limit_bytes: MAX_BODY_BYTES,
    ...ADDED_SOURCE_CONFIG,
    masked_paths: [...(providerOfType(type)?.maskedPaths ?? [])],
  };
}

import { ApiKey, CreateApiKey, CreatedApiKey, ListApiKeys } from "#server/contracts/api-key.ts";
import { ById, Deleted, page } from "#server/contracts/page.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "#server/resources/api-keys.ts";
import { route } from "../operation.ts";

export const apiKeyRoutes = [
  route("GET", "/api-keys", "List API keys", ListApiKeys, page(ApiKey), listApiKeys),
  route("POST", "/api-keys", "Create an API key, shown this once", CreateApiKey, CreatedApiKey, createApiKey, {
    status: 201,
  }),
  route("DELETE", "/api-keys/:id", "Revoke an API key", ById, Deleted, revokeApiKey),
];

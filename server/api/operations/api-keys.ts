import { read, write } from "#server/api/operation.ts";
import { ApiKey, CreateApiKey, CreatedApiKey, ListApiKeys } from "#server/contracts/api-key.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "#server/resources/api-keys.ts";

const PATH = "/api-keys";

export const apiKeys = {
  list: read(PATH, "List API keys", ListApiKeys, page(ApiKey), listApiKeys),
  create: write(
    "keys.manage",
    "POST",
    PATH,
    "Create an API key, shown this once",
    CreateApiKey,
    CreatedApiKey,
    createApiKey,
    {
      status: 201,
    },
  ),
  revoke: write("keys.manage", "DELETE", `${PATH}/:id`, "Revoke an API key", ById, Deleted, revokeApiKey),
};

import { ApiKey, CreateApiKey, CreatedApiKey, ListApiKeys } from "#server/contracts/api-key.ts";
import { ById, Deleted, page } from "#server/contracts/page.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "#server/resources/api-keys.ts";
import { router, teamProcedure } from "../trpc.ts";

export const apiKeyRouter = router({
  list: teamProcedure
    .input(ListApiKeys)
    .output(page(ApiKey))
    .query(({ ctx, input }) => listApiKeys(ctx, input)),
  create: teamProcedure
    .input(CreateApiKey)
    .output(CreatedApiKey)
    .mutation(({ ctx, input }) => createApiKey(ctx, input)),
  revoke: teamProcedure
    .input(ById)
    .output(Deleted)
    .mutation(({ ctx, input }) => revokeApiKey(ctx, input)),
});

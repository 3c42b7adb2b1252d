import type { Ctx } from "#server/auth/ctx.ts";
import type { GuideHits, SearchGuide } from "#server/contracts/guide.ts";

/** The sections of the docs that have all of the words, or what is spelt almost so. */
export const searchGuide = async (ctx: Ctx, { text }: SearchGuide): Promise<GuideHits> => ({
  data: ctx.app.guide.search(text),
});

import { read } from "#server/api/operation.ts";
import { GuideHits, SearchGuide } from "#server/contracts/guide.ts";
import { searchGuide } from "#server/resources/guide.ts";

export const guide = {
  search: read("/guide/search", "Search the docs of the product", SearchGuide, GuideHits, searchGuide),
};

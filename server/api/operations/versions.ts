import { search, write } from "#server/api/operation.ts";
import { page } from "#server/contracts/page.ts";
import {
  Followed,
  GetFollowed,
  GetVersion,
  ListVersions,
  PlanRestore,
  Restored,
  RestorePlan,
  RestoreVersion,
  Version,
  VersionSummary,
} from "#server/contracts/version.ts";
import { getFollowed } from "#server/versions/followed.ts";
import { planRestore, restoreVersion } from "#server/versions/restore.ts";
import { getVersion, listVersions } from "#server/versions/versions.ts";

export const versions = {
  list: search("/versions", "List the versions of the configuration", ListVersions, page(VersionSummary), listVersions),
  get: search("/versions/:number", "Read a version, compared with another", GetVersion, Version, getVersion),
  followed: search(
    "/versions/:number/followed",
    "Count what was delivered and failed before and after a version",
    GetFollowed,
    Followed,
    getFollowed,
  ),
  planRestore: write(
    "connection.write",
    "POST",
    "/versions/:number/restore/plan",
    "Show what it changes, and what it loses, to restore a version",
    PlanRestore,
    RestorePlan,
    planRestore,
    { turns: "searches" },
  ),
  restore: write(
    "connection.write",
    "POST",
    "/versions/:number/restore",
    "Restore a version, a resource of it or fields of one, as a new version",
    RestoreVersion,
    Restored,
    restoreVersion,
  ),
};

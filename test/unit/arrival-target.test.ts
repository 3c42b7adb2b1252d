import { describe, expect, test } from "vitest";
import { readTarget } from "#server/ingest/arrival-target.ts";

describe("readTarget", () => {
  test.each([
    ["/e/key1", { key: "key1", path: "/", query: "" }],
    ["/e/key1/", { key: "key1", path: "/", query: "" }],
    ["/e/key1/a/b", { key: "key1", path: "/a/b", query: "" }],
    ["/e/key1//a/../%2e%2e/%zz", { key: "key1", path: "//a/../%2e%2e/%zz", query: "" }],
    ["/e/key1?x=1", { key: "key1", path: "/", query: "x=1" }],
    ["/e/key1/a?x=1?y=/e/2", { key: "key1", path: "/a", query: "x=1?y=/e/2" }],
    ["/e/key1?", { key: "key1", path: "/", query: "" }],
    ["http://host:99/e/key1/a?x", { key: "key1", path: "/a", query: "x" }],
    ["HTTPS://host/e/key1", { key: "key1", path: "/", query: "" }],
  ])("%s", (url, expected) => {
    expect(readTarget(url)).toEqual(expected);
  });

  test.each([
    "",
    "/",
    "/e",
    "/e/",
    "/e//a",
    "/e/?x",
    "/E/key",
    "/e/key%31",
    `/e/${"k".repeat(65)}`,
    "ftp://h/e/key",
    "*",
  ])("%s is no source's URL", (url) => {
    expect(readTarget(url)).toBeNull();
  });
});

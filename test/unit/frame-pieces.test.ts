import { describe, expect, test } from "vitest";
import { isCurrent, NAV_PAGES } from "#components/frame/pages.ts";
import { findId, hrefOfId } from "#components/frame/pasted-id.ts";
import { parseTheme, themeAttribute } from "#components/ui/theme.ts";

const REST = "01KB7CX4MR9PHD2V6W8Q3T5Z0A";

describe("findId", () => {
  test.each([
    [`evt_${REST}`, `evt_${REST}`],
    [`  evt_${REST}\n`, `evt_${REST}`],
    [`"id": "req_${REST}",`, `req_${REST}`],
    [`https://hooks.example.com/events/evt_${REST}?tab=why`, `evt_${REST}`],
    [`evt_${REST.toLowerCase()}`, `evt_${REST}`],
    [`tm_${REST} and src_${REST}`, `tm_${REST}`],
  ])("%j holds %s", (text, id) => {
    expect(findId(text)).toBe(id);
  });

  test.each([
    "",
    "crm",
    "evt_01KB7",
    `evt_${REST}X`,
    `xevt_${REST}`,
    `_evt_${REST}`,
    `evt_${REST.replace("K", "I")}`,
    `evt-${REST}`,
    REST,
  ])("%j holds none", (text) => {
    expect(findId(text)).toBeUndefined();
  });

  test("a long paste is read in no time", () => {
    const startedAt = performance.now();
    expect(findId(`${"evt_01KB7CX4MR ".repeat(100_000)}`)).toBeUndefined();
    expect(findId("a_".repeat(500_000))).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe("hrefOfId", () => {
  test("goes to the page of its kind, and nowhere for a kind that has none", () => {
    const pages = { evt: "/events/", web: "/connections?panel=" };
    expect(hrefOfId(`evt_${REST}`, pages)).toBe(`/events/evt_${REST}`);
    expect(hrefOfId(`web_${REST}`, pages)).toBe(`/connections?panel=web_${REST}`);
    expect(hrefOfId(`req_${REST}`, pages)).toBeUndefined();
    expect(hrefOfId("constructor_x", pages)).toBeUndefined();
  });
});

describe("the theme", () => {
  test.each([
    ["light", "light"],
    ["dark", "dark"],
    ["system", undefined],
    [undefined, undefined],
    ['dark" onload="x', undefined],
    ["DARK", undefined],
    ["toString", undefined],
  ])("a cookie of %j makes the document %s", (cookie, attribute) => {
    expect(themeAttribute(parseTheme(cookie))).toBe(attribute);
  });
});

describe("the pages of the rail", () => {
  test("each has a key of its own after g, and is marked on its own path alone", () => {
    expect(new Set(NAV_PAGES.map((page) => page.goKey)).size).toBe(NAV_PAGES.length);
    for (const { href } of NAV_PAGES) expect(NAV_PAGES.filter((page) => isCurrent(page.href, href))).toHaveLength(1);
    expect(isCurrent("/", "/events")).toBe(false);
    expect(isCurrent("/events", "/events/evt_1")).toBe(true);
    expect(isCurrent("/events", "/eventsource")).toBe(false);
  });
});

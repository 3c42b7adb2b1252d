import { expect, test } from "vitest";
import { carryDraft } from "#components/resource-form/carry-draft.ts";
import { onDrafts, readDraft, writeDraft } from "#components/resource-form/draft-store.ts";

const isSecret = (field: string) => field === "token";
const READ = { base: { name: "a", limit: "120" }, updatedAt: "2026-11-26T06:00:00.000Z" };
const LATER = "2026-11-26T06:00:01.000Z";

test("a draft is the same object until it changes, and none when nothing of it is left", () => {
  let told = 0;
  const stop = onDrafts(() => {
    told += 1;
  });
  writeDraft("des_1", { ...READ, changes: { limit: "60" } }, isSecret);
  expect(readDraft("des_1")).toBe(readDraft("des_1"));
  expect(readDraft("des_2")).toBeUndefined();
  writeDraft("des_1", { ...READ, changes: {} }, isSecret);
  expect(readDraft("des_1")).toBeUndefined();
  expect(told).toBe(2);
  stop();
});

test("a switch beside a draft takes it along to the state that it made", () => {
  writeDraft("web_1", { ...READ, changes: { limit: "60", name: "b" } }, isSecret);
  carryDraft("web_1", READ.updatedAt, { updatedAt: LATER, values: { name: "b", limit: "120" } }, isSecret);
  expect(readDraft("web_1")).toEqual({
    base: { name: "b", limit: "120" },
    updatedAt: LATER,
    changes: { limit: "60" },
  });
});

test("a draft that is behind already stays so: its save has to say what it has missed", () => {
  const draft = { ...READ, changes: { limit: "60" } };
  writeDraft("web_2", draft, isSecret);
  carryDraft("web_2", LATER, { updatedAt: "2026-11-26T06:00:02.000Z", values: { name: "c", limit: "1" } }, isSecret);
  expect(readDraft("web_2")).toEqual(draft);
});

import { describe, expect, test } from "vitest";
import { adviceFor } from "#components/event-detail/safe-action.ts";
import { EventStatus } from "#server/contracts/event.ts";
import { HoldReason } from "#server/contracts/event-life.ts";

const NOW = Date.parse("2026-11-25T02:00:00.000Z");
const event = (fields: Partial<Parameters<typeof adviceFor>[0]>): Parameters<typeof adviceFor>[0] => ({
  status: "QUEUED",
  hold_reason: null,
  ended_because: null,
  next_attempt_at: null,
  connection_name: "stripe-ledger",
  destination_name: "billing",
  attempts: 1,
  waits_for: null,
  resent_from: null,
  ...fields,
});
const primaryOf = (fields: Partial<Parameters<typeof adviceFor>[0]>) =>
  adviceFor(event(fields), NOW)
    .actions.filter(({ isPrimary }) => isPrimary)
    .map(({ label }) => label);

describe("the action of an event", () => {
  test("is primary only where a person's press moves it on and is safe", () => {
    expect(primaryOf({ status: "FAILED", ended_because: "exhausted" })).toEqual(["Retry now"]);
    expect(primaryOf({ status: "HOLD", hold_reason: "connection_paused" })).toEqual(["Resume stripe-ledger"]);
    for (const status of ["RETRYING", "QUEUED", "SCHEDULED", "DELIVERED", "CANCELLED"] as const)
      expect(primaryOf({ status })).toEqual([]);
    for (const ended_because of ["gone", "skipped_in_order"] as const)
      expect(primaryOf({ status: "FAILED", ended_because })).toEqual([]);
    for (const hold_reason of HoldReason.exclude(["connection_paused"]).options)
      expect(primaryOf({ status: "HOLD", hold_reason })).toEqual([]);
  });

  test("of a debug copy is never a retry", () => {
    for (const status of EventStatus.options) {
      const { actions, sentence } = adviceFor(event({ status, resent_from: "evt_1", hold_reason: "maintenance" }), NOW);
      expect(actions.map(({ kind }) => kind)).not.toContain("retry");
      expect(sentence).not.toMatch(/retry/i);
    }
  });

  test("says when it goes by itself", () => {
    const waits = { status: "RETRYING", next_attempt_at: "2026-11-25T02:04:12.000Z" } as const;
    expect(adviceFor(event(waits), NOW).sentence).toContain("by itself in 4 min 12 s");
    expect(adviceFor(event({ ...waits, next_attempt_at: "2026-11-25T01:59:00.000Z" }), NOW).sentence).toContain(
      "as soon as its turn comes",
    );
  });

  test("does not say of what waits behind a failed event that nothing has to be done", () => {
    const behind = (status: EventStatus) => ({ waits_for: { id: "evt_x", status } });
    const waiting = [
      { status: "QUEUED" },
      { status: "SCHEDULED" },
      { status: "RETRYING" },
      { status: "HOLD", hold_reason: "waits_for_order" },
    ] as const;
    for (const waits of waiting) {
      const sentenceOf = (head: EventStatus) => adviceFor(event({ ...waits, ...behind(head) }), NOW).sentence;
      expect(sentenceOf("FAILED")).toContain("nothing moves until you retry or cancel that one");
      expect(sentenceOf("RETRYING")).toContain("goes by itself after that");
      expect(sentenceOf("RETRYING")).not.toContain("until you");
    }
  });

  test("is never a cancel of what has ended, and there is a sentence for every state", () => {
    for (const status of EventStatus.options) {
      const { actions, sentence } = adviceFor(event({ status }), NOW);
      const canCancel = actions.some(({ kind }) => kind === "cancel");
      expect(canCancel).toBe(!["DELIVERED", "FAILED", "CANCELLED"].includes(status));
      expect(sentence).toMatch(/\.$/);
    }
  });
});

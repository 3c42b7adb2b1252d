// Maintenance windows while they are typed, and on the card of their destination.
import { describe, expect, test } from "vitest";
import { fromField, newSingle, newWeekly, preview, toField } from "#components/destination-drawer/maintenance-draft.ts";
import { deriveModel } from "#components/graph/model.ts";
import { MaintenanceWindow } from "#server/contracts/maintenance.ts";
import { hear, rewire, wire } from "#test/support/wiring.ts";

const NOW = Date.parse("2026-05-29T12:30:00.000Z");
const HOUR_MS = 3_600_000;

describe("a window that is typed", () => {
  test("comes as one that can be saved, and keeps its time through the browser's field", () => {
    for (const window of [newWeekly("Europe/Berlin"), newSingle(NOW)])
      expect(MaintenanceWindow.parse(window)).toEqual(window);
    const iso = "2026-05-29T12:30:00.000Z";
    expect(fromField(toField(iso))).toBe(iso);
    expect([toField("soon"), fromField("")]).toEqual(["", ""]);
  });

  test("is left out of the preview while it is none, however it is wrong", () => {
    const good = newWeekly("UTC") as Extract<MaintenanceWindow, { kind: "weekly" }>;
    const wrong: MaintenanceWindow[] = [
      { ...good, days: [] },
      { ...good, start: "04:00", end: "04:00" },
      { ...good, end: "" },
      { ...good, time_zone: "Europe/Ber" },
      { kind: "once", from: "", until: "" },
      { kind: "once", from: "2026-06-02T00:00:00Z", until: "2026-06-01T00:00:00Z" },
    ];
    for (const window of wrong) expect(preview([window], NOW, 3)).toEqual([]);
    expect(preview([...wrong, good], NOW, 2).map(({ fromMs }) => new Date(fromMs).toISOString())).toEqual([
      "2026-05-31T02:00:00.000Z",
      "2026-06-07T02:00:00.000Z",
    ]);
  });
});

describe("a window that lasts", () => {
  const until = new Date(NOW + HOUR_MS).toISOString();
  const window = { kind: "once" as const, from: new Date(NOW - HOUR_MS).toISOString(), until };
  const wired = rewire(wire("shop>orders"), { destinations: { des_orders: { maintenance_windows: [window] } } });
  const at = (nowMs: number, hold = 12) =>
    deriveModel(wired, hear({ counts: { "web_shop-orders": { hold } } }), nowMs, undefined);

  test("is what its destination and the branches that it holds say, and needs nobody", () => {
    const { connections, destinations, totals } = at(NOW);
    const shown = { kind: "held", word: "Maintenance", untilMs: NOW + HOUR_MS, detail: "12 held" };
    expect(destinations.get("des_orders")?.state).toMatchObject(shown);
    expect(connections.get("web_shop-orders")?.state).toMatchObject(shown);
    expect(totals.needsYou).toBe(0);
    expect(at(NOW, 0).connections.get("web_shop-orders")?.state.word).not.toBe("Maintenance");
  });

  test("is over at its end, without any news", () => {
    const before = at(NOW);
    const live = hear({ counts: { "web_shop-orders": { hold: 12 } } });
    const after = deriveModel(wired, live, NOW + HOUR_MS, before);
    expect(after.destinations.get("des_orders")?.state.word).not.toBe("Maintenance");
  });
});

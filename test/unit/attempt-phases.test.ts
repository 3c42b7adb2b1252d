import { expect, test } from "vitest";
import { phasesOf } from "#server/egress/phases.ts";

const NAME = { isName: true, isTls: true };

test("a new connection's phases follow each other and add up to the latency", () => {
  const opening = { ...NAME, resolvedAtMs: 103, connectedAtMs: 110, securedAtMs: 125 };
  expect(phasesOf({ startedAtMs: 100, headAtMs: 140, endedAtMs: 142 }, opening)).toEqual({
    dns_ms: 3,
    connect_ms: 7,
    tls_ms: 15,
    wait_ms: 15,
    read_ms: 2,
  });
});

test("a connection that was open already was neither looked up nor connected", () => {
  expect(phasesOf({ startedAtMs: 100, headAtMs: 140, endedAtMs: 142 }, null)).toEqual({
    dns_ms: 0,
    connect_ms: 0,
    tls_ms: 0,
    wait_ms: 40,
    read_ms: 2,
  });
});

test("the phase in which an attempt broke off has the rest of its time", () => {
  const times = { startedAtMs: 100, headAtMs: undefined, endedAtMs: 150 };
  expect(phasesOf(times, { ...NAME })).toMatchObject({ dns_ms: 50, connect_ms: 0, tls_ms: 0, wait_ms: 0 });
  expect(phasesOf(times, { ...NAME, resolvedAtMs: 110 })).toMatchObject({ dns_ms: 10, connect_ms: 40, tls_ms: 0 });
  expect(phasesOf(times, { ...NAME, resolvedAtMs: 110, connectedAtMs: 120 })).toMatchObject({ tls_ms: 30, wait_ms: 0 });
  expect(phasesOf(times, { isName: false, isTls: false, connectedAtMs: 120 })).toMatchObject({
    dns_ms: 0,
    connect_ms: 20,
    wait_ms: 30,
    read_ms: 0,
  });
});

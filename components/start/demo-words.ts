import type { Demo } from "#server/contracts/demo.ts";
import { DEMO_MINUTES, DEMO_RATE, DEMO_SIZE } from "#server/contracts/demo-size.ts";

const { sources, connections, destinations } = DEMO_SIZE;

/** What loading it would make. */
export const DEMO_OFFER = `${sources} sources, ${connections} connections, ${destinations} mock destinations with ${DEMO_MINUTES} minutes of signed traffic. One click removes it all.`;

export const DEMO_GONE = "The demo is gone. Two entries stay in the audit log: loaded, and removed.";

const webhooks = (count: number) => `${count} ${count === 1 ? "webhook" : "webhooks"}`;
const timeOf = (iso: string | null) => iso?.slice(11, 16) ?? "";

/** One line about a demo that is there. */
export function demoLine({ state, sent_count, sends_until, problem }: Demo): string {
  switch (state) {
    case "none":
      return "";
    case "removing":
      return "The demo is being removed: what came of it goes within some 15 seconds.";
    case "resting":
      return `The demo is loaded, and rests after ${webhooks(sent_count)}.`;
    case "sending":
      return (
        problem ??
        `The demo sends ${DEMO_RATE} signed webhooks a second until ${timeOf(sends_until)} UTC, ${webhooks(sent_count)} so far.`
      );
  }
}

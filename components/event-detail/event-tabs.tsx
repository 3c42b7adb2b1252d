"use client";

import { usePart } from "#components/detail-page/use-detail-url.ts";
import { Tabs } from "#components/ui/tabs.tsx";
import type { EventDetail } from "#server/contracts/event.ts";
import { AttemptList, attemptsOf } from "./attempt-list.tsx";
import { FailureDiffTab } from "./failure-diff.tsx";
import { RequestTab } from "./request-tab.tsx";
import { ResponseTab } from "./response-tab.tsx";

const PARTS = ["request", "attempts", "response", "changed"] as const;

/** What was sent, each try, what was answered, and what changed when it began to fail. */
export function EventTabs({ event }: { event: EventDetail }) {
  const [part, setPart] = usePart("tab", PARTS);
  const attempts = attemptsOf(event);
  const hasFailed = attempts.some(({ outcome }) => outcome === "failed");
  const tabs = [
    { value: "request" as const, label: "Request", content: <RequestTab event={event} /> },
    {
      value: "attempts" as const,
      label: "Attempts",
      count: String(event.attempts),
      content: <AttemptList attempts={attempts} total={event.attempts} />,
    },
    { value: "response" as const, label: "Response", content: <ResponseTab attempts={attempts} /> },
    ...(hasFailed
      ? [{ value: "changed" as const, label: "What changed", content: <FailureDiffTab eventId={event.id} /> }]
      : []),
  ];
  const shown = tabs.some(({ value }) => value === part) ? part : "request";
  return <Tabs label="Parts of the event" tabs={tabs} value={shown} onChange={setPart} />;
}

"use client";

import { usePart } from "#components/detail-page/use-detail-url.ts";
import { Tabs } from "#components/ui/tabs.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { AttemptRequest } from "./attempt-request.tsx";
import { AttemptResponse } from "./attempt-response.tsx";

const PARTS = ["response", "request"] as const;

/** What came back, and what was sent. */
export function AttemptTabs({ attempt }: { attempt: Attempt }) {
  const [part, setPart] = usePart("tab", PARTS);
  const tabs = [
    { value: "response" as const, label: "Response", content: <AttemptResponse attempt={attempt} /> },
    { value: "request" as const, label: "Request", content: <AttemptRequest attempt={attempt} /> },
  ];
  return <Tabs label="Parts of the attempt" tabs={tabs} value={part} onChange={setPart} />;
}

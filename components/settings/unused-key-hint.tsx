"use client";

import { useCallback, useState } from "react";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import type { ApiKey } from "#server/contracts/api-key.ts";
import { daysSince } from "./days-since.ts";
import { RevokeDialog } from "./keys-table.tsx";

/** A key that may write and that nobody used for so long is a risk without a use. */
const LONG_UNUSED_DAYS = 90;

const lastSign = (key: ApiKey) => key.last_used_at ?? key.created_at;

/** Names the key that may most and was used least, where there is one. */
export function UnusedKeyHint({ keys }: { keys: readonly ApiKey[] }) {
  const [revoking, setRevoking] = useState<ApiKey>();
  const oldest = keys
    .filter(({ scope }) => scope === "write")
    .toSorted((a, b) => lastSign(a).localeCompare(lastSign(b)))[0];
  const days = useNow(useCallback((nowMs: number) => (oldest ? daysSince(lastSign(oldest), nowMs) : 0), [oldest]));
  if (!oldest || days < LONG_UNUSED_DAYS) return null;
  const what = oldest.capabilities === null ? "may write everything" : "may write";
  return (
    <div className="mt-2">
      <Banner
        kind="warning"
        action={
          <Button size="sm" onClick={() => setRevoking(oldest)}>
            Revoke it
          </Button>
        }
      >
        <b>{oldest.name}</b> {what} and was not used for {days} days.
      </Banner>
      <RevokeDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />
    </div>
  );
}

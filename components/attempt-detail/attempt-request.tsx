import { DeliveredBody } from "#components/payload/delivered-body.tsx";
import { Message } from "#components/payload/message.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

/** What was sent, secrets masked. The body is the event's: every attempt sends the same. */
export const AttemptRequest = ({ attempt }: { attempt: Attempt }) => (
  <Message what="request" headers={attempt.is_withheld ? undefined : attempt.request_headers}>
    <p className="px-5 pt-2.5 font-mono text-ink-2 text-xs [overflow-wrap:anywhere] max-md:px-3.5">
      <Tag>{attempt.http_method}</Tag> {visibleText(attempt.requested_url)}
    </p>
    <DeliveredBody eventId={attempt.event_id} attempt={attempt} />
  </Message>
);

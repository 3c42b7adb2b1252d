import { CopyAsCurl } from "#components/data/copy-as-curl.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { BodyView } from "./body-view.tsx";

interface DeliveredBodyProps {
  eventId: string;
  /** The one that is copied as a command; none was made yet where it is undefined. */
  attempt: Attempt | undefined;
}

/** The body of an event, which every attempt sends. */
export const DeliveredBody = ({ eventId, attempt }: DeliveredBodyProps) => (
  <BodyView
    of={{ kind: "events", id: eventId }}
    label="Delivered payload"
    actions={(text) =>
      attempt ? (
        <CopyAsCurl
          request={{
            method: attempt.http_method,
            url: attempt.requested_url,
            headers: attempt.request_headers,
            body: text,
          }}
        />
      ) : null
    }
  />
);

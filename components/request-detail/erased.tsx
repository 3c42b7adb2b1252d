import { Banner } from "#components/ui/banner.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";

/** Says that there is nothing to read any more, and nothing to send. */
export const Erased = ({ at }: { at: string }) => (
  <div className="mt-2.5">
    <Banner kind="info">
      The payload was erased <RelativeTime iso={at} />. It cannot be read or retried any more; the audit log says by
      whom and why.
    </Banner>
  </div>
);

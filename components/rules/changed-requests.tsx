import Link from "next/link";
import { clauseWords } from "#components/data/why-lines.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { formatCount } from "#components/ui/format.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { DryRun, DryRunExample } from "#server/contracts/dry-run.ts";
import { OUTCOME_WORDS } from "./dry-run-words.ts";

interface ChangedRequestsProps {
  run: DryRun;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** The requests for which drafted rules say something else than the present ones, with the clause that decides. */
export function ChangedRequests({ run, isOpen, onOpenChange }: ChangedRequestsProps) {
  const groups = [
    { title: "Newly delivered", ...run.newly_delivered },
    { title: "Newly filtered", ...run.newly_filtered },
    { title: "Newly duplicates", ...run.newly_duplicate },
    { title: "Newly failing", ...run.newly_failing },
  ].filter(({ count }) => count > 0);
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="What would change"
      size="md"
      footer={<Button onClick={() => onOpenChange(false)}>Close</Button>}
    >
      <div className="grid gap-4">
        {groups.map(({ title, count, examples }) => (
          <section key={title}>
            <h3 className="font-medium">
              {title}: {formatCount(count)}
              {count > examples.length ? (
                <span className="font-normal text-muted text-xs">, the newest {examples.length} here</span>
              ) : null}
            </h3>
            <ul className="mt-1 divide-y divide-line">
              {examples.map((example) => (
                <Example key={example.request_id} example={example} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const Example = ({ example }: { example: DryRunExample }) => (
  <li className="py-1.5">
    <p className="flex items-baseline justify-between gap-3">
      <Link
        prefetch={false}
        href={`/requests/${example.request_id}`}
        className="truncate font-mono text-xs underline decoration-line underline-offset-4 hover:decoration-current"
      >
        {example.event_type ?? example.request_id}
      </Link>
      <RelativeTime iso={example.created_at} className="text-muted text-xs" />
    </p>
    <p className="text-muted text-xs [overflow-wrap:anywhere]">
      {OUTCOME_WORDS[example.present]} → {OUTCOME_WORDS[example.draft]}
      {example.reason ? `: ${reasonWords(example.reason)}` : ""}
    </p>
  </li>
);

function reasonWords({ message, path, operator, expected, actual }: NonNullable<DryRunExample["reason"]>): string {
  if (path === undefined || operator === undefined || expected === undefined) return message;
  const words = clauseWords({ path, operator, expected, actual, message });
  return `${path} expected ${words.expected}, got ${words.actual}`;
}

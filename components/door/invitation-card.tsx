import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { Role } from "#server/contracts/capability.ts";

/** What a role does, in the words of those who have it. */
const MAY: Record<Role, { yes: string[]; no?: string }> = {
  viewer: { yes: ["Read requests, events and payloads"], no: "Not: change, retry or replay anything" },
  member: {
    yes: [
      "Read requests, events and payloads",
      "Retry, replay, pause and resume",
      "Change connections, rules and destinations",
    ],
    no: "Not: members, API keys, retention, deleting",
  },
  admin: {
    yes: ["Everything that a member does", "Members, API keys, retention", "Delete resources, read the audit log"],
    no: "Not: make or unmake owners",
  },
  owner: { yes: ["Everything, owners and new teams too"] },
};

const DAY_MS = 86_400_000;
const validFor = (ms: number) =>
  ms >= 2 * DAY_MS ? `${Math.round(ms / DAY_MS)} days` : `${Math.max(1, Math.round(ms / 3_600_000))} h`;

interface InvitationCardProps {
  role: Role;
  /** Null: an API key, or somebody who is gone. */
  invitedBy: string | null;
  invitedAt: string;
  /** From now. */
  validMs: number;
}

/** Who invites, to what. */
export function InvitationCard({ role, invitedBy, invitedAt, validMs }: InvitationCardProps) {
  const { yes, no } = MAY[role];
  const by = invitedBy ?? "An API key of the team";
  return (
    <div className="mb-4 rounded-lg border border-line">
      <div className="flex items-center gap-2.5 border-line border-b px-3 py-2.5">
        <span
          aria-hidden="true"
          className="grid size-[26px] shrink-0 place-items-center rounded-full bg-press font-semibold text-[10.5px] text-ink-2"
        >
          {by.slice(0, 2)}
        </span>
        <div className="min-w-0 flex-1">
          <b className="block truncate font-medium">{by}</b>
          <span className="text-muted text-xs">
            invited you <RelativeTime iso={invitedAt} />, valid for {validFor(validMs)}
          </span>
        </div>
        <span className="rounded-sm bg-inset px-2 py-0.5 font-medium text-muted text-xs capitalize">{role}</span>
      </div>
      <ul className="grid gap-[5px] px-3 py-[9px]">
        {yes.map((each) => (
          <li key={each} className="flex items-start gap-2">
            <Icon name="check" size={14} className="mt-0.5 text-delivered" />
            {each}
          </li>
        ))}
        {no ? (
          <li className="flex items-start gap-2 text-muted">
            <Icon name="minus" size={14} className="mt-0.5 text-faint" />
            {no}
          </li>
        ) : null}
      </ul>
    </div>
  );
}

import type { IconName } from "#components/ui/icons.tsx";
import type { Capability } from "#server/contracts/capability.ts";

interface SettingsSection {
  href: string;
  label: string;
  icon: IconName;
  /** Without it the section is not there. */
  needs?: Capability;
}

/** In the order of the list. One is added when it is built: there is no link to nowhere. */
const SECTIONS: readonly SettingsSection[] = [
  { href: "/settings/members", label: "Members and roles", icon: "users" },
  { href: "/settings/keys", label: "API keys", icon: "key" },
  { href: "/settings/sessions", label: "Sign-in and sessions", icon: "lock", needs: "account.manage" },
  { href: "/settings/retention", label: "Retention", icon: "disk" },
  { href: "/settings/signing", label: "Outbound signing", icon: "shield" },
  { href: "/settings/notifications", label: "Notifications", icon: "bell" },
  { href: "/settings/audit", label: "Audit log", icon: "history", needs: "audit.read" },
  { href: "/settings/team", label: "Team", icon: "settings" },
];

/** The sections that somebody with these capabilities has. */
export const sectionsFor = (can: readonly Capability[]): readonly SettingsSection[] =>
  SECTIONS.filter(({ needs }) => needs === undefined || can.includes(needs));

export const FIRST_SECTION = "/settings/members";

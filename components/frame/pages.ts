import type { IconName } from "#components/ui/icons.tsx";

interface NavPage {
  href: string;
  label: string;
  icon: IconName;
  /** The second key after `g`. */
  goKey: string;
}

/** The pages that there are, in the order of the rail. One is added when it is built: there is no link to nowhere. */
export const NAV_PAGES: readonly NavPage[] = [
  { href: "/", label: "Overview", icon: "overview", goKey: "o" },
  { href: "/connections", label: "Connections", icon: "connections", goKey: "c" },
  { href: "/requests", label: "Requests", icon: "requests", goKey: "r" },
  { href: "/events", label: "Events", icon: "events", goKey: "e" },
  { href: "/transformations", label: "Transformations", icon: "transform", goKey: "t" },
  { href: "/metrics", label: "Metrics", icon: "metrics", goKey: "m" },
  { href: "/replays", label: "Replays", icon: "replay", goKey: "p" },
  { href: "/issues", label: "Issues", icon: "issues", goKey: "i" },
  { href: "/settings", label: "Settings", icon: "settings", goKey: "s" },
];

/** All that can be gone to by keys and by name. Flows belong to Connections, and so stand in no rail. */
export const GO_PAGES: readonly NavPage[] = [
  ...NAV_PAGES,
  { href: "/flows", label: "Flows", icon: "drift", goKey: "f" },
];

/** Pages that stand in no rail. */
const OTHER_TITLES: Record<string, string> = { "/attempts": "Attempts", "/flows": "Flows", "/gallery": "Components" };

const isUnder = (href: string, path: string) =>
  href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);

/** Pages without a line of their own in the rail, by the one that they belong to. */
const BELOW: Record<string, string> = { "/events": "/attempts", "/connections": "/flows" };

export const isCurrent = (href: string, path: string) => isUnder(href, path) || isUnder(BELOW[href] ?? href, path);

/** What the bar of a narrow screen says at this path. */
export const titleAt = (path: string) =>
  OTHER_TITLES[path] ??
  (isUnder("/docs", path) ? "Docs" : undefined) ??
  NAV_PAGES.find(({ href }) => isCurrent(href, path))?.label ??
  "";

const PANEL = "/connections?panel=";

/** Where one thing is shown, by the prefix of its id, which follows: on a page of its own, or in a drawer beside the graph. */
export const PAGES_OF_IDS: Readonly<Record<string, string>> = {
  req: "/requests/",
  evt: "/events/",
  att: "/attempts/",
  trs: "/transformations/",
  src: PANEL,
  web: PANEL,
  des: PANEL,
  iss: "/issues?open=",
};

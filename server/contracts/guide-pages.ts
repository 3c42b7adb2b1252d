// The pages of the docs in the order of their list. Without a schema, so that every page can lead to them.

interface GuideEntry {
  slug: string;
  title: string;
}

export const GUIDE: readonly { group: string; pages: readonly GuideEntry[] }[] = [
  {
    group: "Start",
    pages: [
      { slug: "first-webhook", title: "The first webhook" },
      { slug: "how-it-fits", title: "How it fits together" },
    ],
  },
  {
    group: "Receive",
    pages: [
      { slug: "sources", title: "Sources and verification" },
      { slug: "providers", title: "Verify each provider" },
      { slug: "publish", title: "Publish your own events" },
    ],
  },
  {
    group: "Route",
    pages: [
      { slug: "deduplicate", title: "Deduplicate" },
      { slug: "transform", title: "Transform" },
      { slug: "filter", title: "Filter" },
      { slug: "delay", title: "Delay" },
      { slug: "retry", title: "Retry" },
    ],
  },
  {
    group: "Deliver",
    pages: [
      { slug: "destinations", title: "Destinations and limits" },
      { slug: "endpoints", title: "Endpoints that register themselves" },
      { slug: "order", title: "Order" },
      { slug: "trouble", title: "When a receiver fails" },
      { slug: "buckets", title: "Write to a bucket" },
      { slug: "signing", title: "Verify our signature" },
    ],
  },
  {
    group: "Look and mend",
    pages: [
      { slug: "replay", title: "Why, replay and backfill" },
      { slug: "issues", title: "Issues, and who is told" },
      { slug: "errors", title: "What errors mean" },
    ],
  },
  {
    group: "Automate",
    pages: [
      { slug: "command-line", title: "Command line" },
      { slug: "flows", title: "Flows: routing as a file" },
      { slug: "versions", title: "Versions: who changed what, and back again" },
      { slug: "kubernetes", title: "Flows in a Kubernetes cluster" },
      { slug: "import", title: "Move here from elsewhere" },
      { slug: "sdk", title: "The TypeScript client" },
      { slug: "agents", title: "Agents (MCP)" },
    ],
  },
  {
    group: "Run it",
    pages: [
      { slug: "run-it", title: "Run it" },
      { slug: "operating", title: "Operating it" },
      { slug: "containers", title: "Containers and clusters" },
    ],
  },
];

export const FIRST_PAGE = "/docs/first-webhook";

/** The page about what somebody looks at, by the first part of its path. */
const PAGE_OF: Record<string, string> = {
  "": "how-it-fits",
  connections: "how-it-fits",
  requests: "sources",
  events: "replay",
  attempts: "replay",
  transformations: "transform",
  metrics: "how-it-fits",
  replays: "replay",
  issues: "issues",
  settings: "operating",
  flows: "flows",
};
const SIGNING_SETTINGS = "/settings/signing";

/** By what is open in the address: the editor of a rule, the drawer of a resource. */
function pageOfPanel(query: URLSearchParams): string | undefined {
  const rule = query.get("rule");
  if (rule && GUIDE.some(({ pages }) => pages.some(({ slug }) => slug === rule))) return rule;
  const subject = query.get("panel") ?? query.get("new") ?? "";
  if (/^(src_|source)/.test(subject)) return "sources";
  if (!/^des/.test(subject)) return undefined;
  return query.get("tab") === "trouble" ? "trouble" : "destinations";
}

/** Where the docs say more about what is on the page. */
export function guideFor(path: string, query: URLSearchParams): string {
  if (path.startsWith(SIGNING_SETTINGS)) return "/docs/signing";
  const [, first = ""] = path.split("/");
  return `/docs/${pageOfPanel(query) ?? PAGE_OF[first] ?? "first-webhook"}`;
}

// The map of what a gateway must withstand: each heading, each fact under it, and the test files that fail when it is no longer so.
// `npm run test:security` runs them and counts by heading; test/unit/security-map.test.ts holds the map to the files.

export interface Heading {
  name: string;
  /** Each fact with the files that prove it, as `unit/x` for test/unit/x.test.ts. */
  facts: Record<string, string[]>;
}

export const HEADINGS: Heading[] = [
  {
    name: "Egress",
    facts: {
      "private, reserved and transition ranges are closed, both ends of each": ["unit/egress-address-policy"],
      "every spelling of an address inside is refused at save and at send, and no canary hears a packet": [
        "unit/egress-spellings",
        "db/egress-spellings",
      ],
      "schemes, user info, service ports and forwarded paths": ["unit/egress-url-policy", "db/egress-connections"],
      "each address of a name is judged, again for each connection": ["db/egress-connections", "db/egress-policy"],
      "our own listeners and our own sources are no destination, and a loop ends": [
        "unit/egress-own-listeners",
        "db/own-destinations",
      ],
      "no redirect, no host or bytes of what was reached in an error": ["db/egress-wire", "db/egress-answers"],
      "TLS by the name": ["db/egress-tls"],
      "buckets, log-in providers, keys of providers and dead letters go the same way": [
        "db/s3-destination",
        "db/provider-log-in",
        "unit/provider-keys",
        "db/dead-letters",
      ],
      "no part of the server opens connections past it": ["unit/architecture", "unit/architecture-checks"],
    },
  },
  {
    name: "Verification",
    facts: {
      "one changed bit of body, proof, secret or signed header is refused, for each provider": [
        "unit/provider-rows",
        "unit/verify-odd-times",
        "unit/provider-asked-keys",
        "unit/provider-sns",
        "unit/provider-paypal",
      ],
      "nothing that a stranger sends throws, verifies or shows a secret": ["unit/verify-hostile", "unit/evidence"],
      "timestamps are plain integers, held to their tolerance both ways": ["unit/verify-hmac", "unit/verify-odd-times"],
      "every current secret and no more than sixteen candidates are tried": ["unit/verify-hmac"],
      "what the providers publish and their own libraries sign is accepted": [
        "unit/verify-published-vectors",
        "unit/verify-independent-signers",
        "db/door-signatures",
        "db/door-providers",
      ],
      "secrets that can never verify cannot be saved": ["unit/source-config", "db/secrets-unusable"],
    },
  },
  {
    name: "Malformed HTTP",
    facts: {
      "each malformed shape has a well-formed answer and leaves no row": ["db/door-wire", "db/door-handshake"],
      "whatever is sent, answers are well formed and the door does not grow": ["db/door-fuzz"],
      "bodies that inflate, nest, repeat or never end": [
        "unit/body-edges",
        "unit/json-limits",
        "unit/json-outline",
        "unit/body-outline",
      ],
      "slow senders are cut while others are served": ["unit/body-pace", "db/door-shares", "security/slow-senders"],
      "evidence of refusals is bounded": ["unit/evidence", "unit/daily-bytes", "db/door-pressure"],
      "the API answers any input with a well-formed 2xx or 4xx": [
        "db/rest-fuzz",
        "db/rest-transport",
        "db/agents-hostile",
      ],
    },
  },
  {
    name: "Destinations that misbehave",
    facts: {
      "each way to answer wrongly has its code and its time": [
        "db/egress-wire",
        "db/egress-answers",
        "db/egress-connections",
        "db/egress-tls",
      ],
      "Retry-After in each form, garbage, and at most a day": ["unit/retry", "db/delivery-retry"],
      "a dead receiver costs a probe per wait": ["db/breaker"],
      "neighbours keep their latency and throughput beside all of them": [
        "db/lane-shares",
        "security/destinations-that-misbehave",
      ],
    },
  },
  {
    name: "Transform sandbox",
    facts: {
      "endless and greedy code ends in time, the next run is right": ["db/sandbox-hostile"],
      "each way to a constructor of functions, however it is reached, leads nowhere": ["db/sandbox-hostile"],
      "nothing of one run reaches another, and a thousand bombs delay nobody": [
        "db/sandbox-isolation",
        "db/sandbox-priority",
        "db/sandbox-web",
        "unit/sandbox-queue",
      ],
      "whatever a transform says or throws can be stored": [
        "db/storable",
        "unit/storable",
        "db/sandbox",
        "db/sandbox-numbers",
      ],
    },
  },
  {
    name: "People, keys, teams",
    facts: {
      "no operation over REST, tRPC or MCP tells or changes anything of another team": [
        "db/rest-tenancy",
        "db/agents-tenancy",
        "db/agents-hostile",
        "unit/tenancy-rule",
        "db/live",
      ],
      "every operation has its capability, viewers and readers change nothing": ["unit/rights", "unit/role-matrix"],
      "keys are hashed, scoped, expiring and revocable": ["db/auth", "db/may-scrape"],
      "log-ins, links, second factors and passkeys withstand guessing and replay": [
        "db/people",
        "db/second-factor",
        "db/passkeys",
        "db/provider-log-in",
        "db/members",
        "unit/safe-next",
      ],
      "planted secrets stand in no dump, log, error, export, page or neighbour's delivery": [
        "db/canary-secrets",
        "db/seal-clear-secrets",
        "db/master-key",
        "unit/log-redaction",
        "unit/sent-secrets",
        "db/masks",
        "db/masks-retention",
        "unit/mask-request",
        "security/canary-roles",
      ],
      "mutations need JSON of this origin; payloads are text; cells are escaped": [
        "db/web-trpc",
        "unit/audit-csv",
        "unit/visible-text",
      ],
      "who changed what is on record, and cannot be rewritten": ["db/audit", "unit/audit-changes"],
      "own headers and answers hold no line break and no hop-by-hop name": [
        "db/rest-refusals",
        "unit/outgoing",
        "unit/headers-that-are-saved",
      ],
      "files, imports, versions and mails give no more than their caller has": [
        "db/flow-refusals",
        "db/import",
        "db/versions",
        "db/restore-version",
        "db/mail",
        "db/mail-codes",
        "db/mail-unsubscribe",
        "db/notifications",
        "db/publish",
      ],
    },
  },
  {
    name: "Shares",
    facts: {
      "bodies at the door": ["db/door-shares", "unit/held-bytes", "unit/body-budget", "unit/handshake-cap"],
      "calls, runs and searches of the API": ["db/rest-shares", "db/searches", "db/dry-run-bounds", "unit/read-turns"],
      "rules and transforms in routing": [
        "db/routing-shares",
        "unit/rules-budget",
        "unit/filter-hostile",
        "unit/fair-order",
      ],
      "lanes, turns and rates": ["db/lane-shares", "db/fair-turns", "unit/turns", "db/source-rate"],
      "work that fails by itself ends visibly and delays nobody": ["db/routing-failure", "db/lane-undeliverable"],
    },
  },
  {
    name: "One origin",
    facts: {
      "two callers' bytes are never mixed": ["db/web-framing", "unit/web-framing", "unit/web-forward"],
      "framings in every spelling: the next caller's request is stored as it was sent": ["db/web-framing"],
      "nothing active of a stranger's on the dashboard's origin": ["db/strangers-bytes", "e2e/strangers"],
      "every page and procedure gives a stranger the log-in and nothing else": [
        "e2e/web-origin",
        "db/web-pages",
        "db/web-trpc",
        "e2e/web",
      ],
      "nothing that a worker sends passes for a person": ["db/web-trpc", "db/own-destinations"],
    },
  },
  {
    name: "Faults and invariants",
    facts: {
      "the judge of chaos runs catches each planted bug": ["unit/chaos-checker", "unit/chaos-schedule"],
      "a short chaos run, kills and freezes": ["e2e/faults-chaos", "e2e/faults", "e2e/faults-rolling"],
      "a worker killed in claim, route, lease, send or settle loses nothing and repeats only what was in flight": [
        "e2e/faults-kill-points",
      ],
      "a request or a result is written once": ["db/accept-repeat", "db/settle-repeat", "db/lane-lease"],
    },
  },
];

/** Each file once, in the order of the map. */
export const FILES = [...new Set(HEADINGS.flatMap(({ facts }) => Object.values(facts).flat()))];

/** The path from the project's root. */
export const pathOf = (file: string) => `test/${file}.test.ts`;

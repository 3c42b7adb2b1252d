import type { Destination } from "#server/contracts/destination.ts";

interface Kind {
  label: string;
  about: string;
  holds: (destination: Destination) => boolean;
}

const hasAuth =
  (...types: string[]) =>
  (destination: Destination) =>
    destination.type === "HTTP" && types.includes(destination.config.auth_type);

const KINDS: Kind[] = [
  {
    label: "Standard Webhooks",
    about: "webhook-id, webhook-timestamp, webhook-signature. On unless a destination names another way.",
    holds: hasAuth("SWITCHYARD_SIGNATURE"),
  },
  {
    label: "Own header and secret",
    about: "For receivers that want their own header, such as x-webhook-signature as hex.",
    holds: hasAuth("CUSTOM_SIGNATURE"),
  },
  {
    label: "A shared token",
    about: "Basic auth, an API key, a bearer token or a secret path: it says who calls, and nothing about the bytes.",
    holds: hasAuth("BASIC_AUTH", "API_KEY", "BODY_KEY", "BEARER_TOKEN", "SECRET_PATH"),
  },
  {
    label: "Not signed",
    about: "Whoever knows the URL can pretend to be this team.",
    holds: hasAuth("NONE"),
  },
];

const MAX_NAMED = 3;

/** `crm-sync, slack-alerts and 4 more` */
function namesOf(destinations: readonly Destination[]): string {
  const names = destinations.slice(0, MAX_NAMED).map(({ name }) => name);
  const rest = destinations.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ");
}

/** How many destinations are signed in which way. `isMore`: there are more than these. */
export function SigningKinds({ destinations, isMore }: { destinations: readonly Destination[]; isMore: boolean }) {
  return (
    <ul className="rounded-lg border border-line bg-surface">
      {KINDS.map(({ label, about, holds }) => {
        const of = destinations.filter(holds);
        const count = `${isMore ? "at least " : ""}${of.length} ${of.length === 1 ? "destination" : "destinations"}`;
        const isNamed = label === "Not signed" && of.length > 0;
        return (
          <li key={label} className="flex items-center gap-3 border-line border-t px-3.5 py-2.5 first:border-t-0">
            <div className="min-w-0 flex-1">
              <p className="font-medium">{label}</p>
              <p className="text-muted text-xs [overflow-wrap:anywhere]">
                {isNamed ? `${namesOf(of)}. ` : ""}
                {about}
              </p>
            </div>
            <span className="whitespace-nowrap text-muted text-xs">{count}</span>
          </li>
        );
      })}
    </ul>
  );
}

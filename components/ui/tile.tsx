import { PROVIDERS } from "#server/contracts/provider.ts";
import { cn } from "./class-names.ts";

const TONES = [
  "bg-tile-1",
  "bg-tile-2",
  "bg-tile-3",
  "bg-tile-4",
  "bg-tile-5",
  "bg-tile-6",
  "bg-tile-7",
  "bg-tile-8",
] as const;

type Tone = (typeof TONES)[number];

const OWN_TONES: Record<string, Tone> = {
  STRIPE: "bg-tile-1",
  SHOPIFY: "bg-tile-2",
  GITHUB: "bg-tile-3",
  TWILIO: "bg-tile-4",
  SLACK: "bg-tile-7",
  WEBHOOK: "bg-tile-6",
};
/** The letters of providers, and of the ways in which other senders prove themselves. */
const TILES: Record<string, { tile: string; isConfirmed?: boolean }> = {
  ...PROVIDERS,
  WEBHOOK: { tile: "{}" },
  HMAC: { tile: "{}" },
  STANDARD_WEBHOOKS: { tile: "Sw" },
  API_KEY: { tile: "Ak" },
  BASIC_AUTH: { tile: "Ba" },
  NONE: { tile: "–" },
  PUBLISH: { tile: "Pb" },
};
/** Of a provider whose proof is not confirmed by a page of its own. */
const UNCONFIRMED = "border border-line-strong border-dashed";

const SIZES = {
  xs: "size-[15px] rounded-xs text-[8px]",
  sm: "size-[18px] rounded-[4px] text-[9px]",
  md: "size-[26px] rounded-md text-[11px]",
  lg: "size-9 rounded-lg text-sm",
};

/** Two letters and a tone, the same ones every time, also for a type that has none of its own. */
function monogramOf(type: string): { letters: string; tone: Tone | typeof UNCONFIRMED } {
  const sum = [...type].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const [first = "?", second = ""] = type;
  return {
    letters: TILES[type]?.tile ?? first.toUpperCase() + second.toLowerCase(),
    tone:
      TILES[type]?.isConfirmed === false ? UNCONFIRMED : (OWN_TONES[type] ?? TONES[sum % TONES.length] ?? "bg-tile-3"),
  };
}

/** A source's type as two letters on a pale square. The name stands beside it. */
export function Tile({ type, size = "md" }: { type: string; size?: keyof typeof SIZES }) {
  const { letters, tone } = monogramOf(type);
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid shrink-0 place-items-center font-semibold text-ink-2 leading-none tracking-[-0.02em]",
        SIZES[size],
        tone,
      )}
    >
      {letters}
    </span>
  );
}

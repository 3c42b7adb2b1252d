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

interface Provider {
  letters: string;
  tone: (typeof TONES)[number];
}

const PROVIDERS: Record<string, Provider> = {
  STRIPE: { letters: "St", tone: "bg-tile-1" },
  SHOPIFY: { letters: "Sh", tone: "bg-tile-2" },
  GITHUB: { letters: "Gh", tone: "bg-tile-3" },
  TWILIO: { letters: "Tw", tone: "bg-tile-4" },
  SLACK: { letters: "Sl", tone: "bg-tile-7" },
  WEBHOOK: { letters: "{}", tone: "bg-tile-6" },
};

/** Two letters and a tone for a type that has no entry, the same ones every time. */
function monogramOf(type: string): Provider {
  const known = PROVIDERS[type];
  if (known) return known;
  const sum = [...type].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const [first = "?", second = ""] = type;
  return {
    letters: first.toUpperCase() + second.toLowerCase(),
    tone: TONES[sum % TONES.length] ?? "bg-tile-3",
  };
}

/** A source's type as two letters on a pale square. The name stands beside it. */
export function Tile({ type, size = "md" }: { type: string; size?: "sm" | "md" }) {
  const { letters, tone } = monogramOf(type);
  return (
    <span
      aria-hidden="true"
      className={cn(
        "inline-grid shrink-0 place-items-center font-semibold text-ink-2 leading-none tracking-[-0.02em]",
        size === "sm" ? "size-[18px] rounded-[4px] text-[9px]" : "size-[26px] rounded-md text-[11px]",
        tone,
      )}
    >
      {letters}
    </span>
  );
}

import { qrDrawing } from "./qr-path.ts";

/** A QR code. Dark on white in both themes: many readers know no other. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { side, path } = qrDrawing(text);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      className="size-44 rounded-md border border-line bg-white text-black"
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}

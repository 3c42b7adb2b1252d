import encodeQR from "qr";

/** Around a code, in modules: readers look for four at least. */
const QUIET_MODULES = 4;

export interface QrDrawing {
  /** The length of a side, in modules. */
  side: number;
  /** Draws the dark modules, one unit of the drawing each. */
  path: string;
}

/** A QR code as the path of an SVG: neighbours in a row are one rectangle, so that no hairline shows between them. */
export function qrDrawing(text: string): QrDrawing {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET_MODULES });
  const runs = rows.flatMap((row, y) => {
    const starts = row.flatMap((isDark, x) => (isDark && !row[x - 1] ? [x] : []));
    return starts.map((x) => {
      const end = row.indexOf(false, x);
      const width = (end === -1 ? row.length : end) - x;
      return `M${x} ${y}h${width}v1h-${width}z`;
    });
  });
  return { side: rows.length, path: runs.join("") };
}

import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { type QrDrawing, qrDrawing } from "#components/account/qr-path.ts";

const URI = `otpauth://totp/Switchyard:on-call%40example.com?secret=${"JBSWY3DPEHPK3PXP".repeat(2)}&issuer=Switchyard&digits=6&period=30`;
const MODULE_PX = 4;

/** The pixels that a browser makes of the drawing. */
function draw({ side, path }: QrDrawing) {
  const px = side * MODULE_PX;
  const data = new Uint8Array(px * px * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let row = Number(y) * MODULE_PX; row < (Number(y) + 1) * MODULE_PX; row++) {
      const from = (row * px + Number(x) * MODULE_PX) * 4;
      for (let at = from; at < from + Number(width) * MODULE_PX * 4; at += 4) data.fill(0, at, at + 3);
    }
  }
  return { width: px, height: px, data };
}

test("a reader reads what the code was drawn of, whatever its length", () => {
  for (const text of [URI, "a", URI + "x".repeat(300)]) expect(decodeQR(draw(qrDrawing(text)))).toBe(text);
});

test("a code keeps four modules around it empty", () => {
  const { side, path } = qrDrawing(URI);
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [
    Number(x),
    Number(y),
    Number(width),
  ]);
  expect(runs.length).toBeGreaterThan(100);
  const isOutside = ([x = 0, y = 0, width = 0]: number[]) => x < 4 || y < 4 || x + width > side - 4 || y > side - 5;
  expect(runs.filter(isOutside)).toEqual([]);
});

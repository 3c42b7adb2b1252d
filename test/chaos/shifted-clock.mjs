// Loaded before a role (`--import`): its wall clock can be set ahead or back while it runs, as a machine's is. Monotonic time stays as it is.
import { readFileSync } from "node:fs";

const RealDate = Date;
let shiftMs = 0;

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + shiftMs);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
};

process.on("SIGUSR2", () => {
  shiftMs = Number(readFileSync(process.env.SHIFTED_CLOCK_FILE, "utf8"));
});

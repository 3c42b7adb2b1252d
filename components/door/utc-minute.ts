/** `25 Nov, 02:04 UTC`: for what happened, or will, within days. */
export function utcMinute(at: Date): string {
  const [, day = "", month = "", , time = ""] = at.toUTCString().split(" ");
  return `${Number(day)} ${month}, ${time.slice(0, 5)} UTC`;
}

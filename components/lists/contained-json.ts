/** `customer.id: cus_1`: a path and a value, which need not be quoted. */
const PATH_AND_VALUE = /^\s*([A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)*)\s*[:=]\s*(\S.*)$/s;
const MAX_PATH_PARTS = 20;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The JSON that somebody searches for who writes `customer.id: cus_1`; anything else stays as it is. Numbers keep their digits. */
export function containedJson(text: string): string {
  const [, path, value] = PATH_AND_VALUE.exec(text) ?? [];
  if (path === undefined || value === undefined) return text.trim();
  const keys = path.split(".");
  if (keys.length > MAX_PATH_PARTS) return text.trim();
  const trimmed = value.trim();
  const json = isJson(trimmed) ? trimmed : JSON.stringify(trimmed);
  return keys.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, json);
}

// Decimal numbers as they are written, compared by value without arithmetic, so that no digit and no exponent is too large.

/** `0.digits × 10^exponent`, without leading or trailing zeros in `digits`; zero has none. */
export interface Decimal {
  isNegative: boolean;
  digits: string;
  exponent: number | bigint;
  /** The value in one spelling: equal exactly where two numbers are. */
  canonical: string;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?)(\d+))?$/;
/** Exponents of so few digits are exact as doubles, with the shift of the point added. */
const PLAIN_EXPONENT_DIGITS = 15;
/** BigInt takes 1.7 s for ten million digits. */
const MAX_EXPONENT_DIGITS = 1000;

/** Reads a number as JSON writes it (leading zeros are let through); null for any other text. Linear in its length. */
export function readDecimal(text: string): Decimal | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, minus, whole = "", fraction = "", exponentSign = "", exponentDigits = "0"] = match;
  const all = whole + fraction;
  const start = countZeros(all, 0, 1);
  if (start === all.length) return { isNegative: false, digits: "", exponent: 0, canonical: "0" };
  const digits = all.slice(start, all.length - countZeros(all, all.length - 1, -1));
  const shift = whole.length - start;
  const { exponent, spelling } = addExponent(exponentSign === "-", exponentDigits, shift);
  const isNegative = minus === "-";
  return { isNegative, digits, exponent, canonical: `${minus}.${digits}e${spelling}` };
}

function countZeros(digits: string, from: number, step: 1 | -1): number {
  let at = from;
  while (digits[at] === "0") at += step;
  return (at - from) * step;
}

/** An exponent of more than 1,000 digits orders as infinite, and equals only one that is spelled alike. */
function addExponent(isNegative: boolean, written: string, shift: number) {
  const digits = written.slice(countZeros(written, 0, 1));
  if (digits.length <= PLAIN_EXPONENT_DIGITS) {
    const exponent = (isNegative ? -Number(digits) : Number(digits)) + shift;
    return { exponent, spelling: String(exponent) };
  }
  if (digits.length <= MAX_EXPONENT_DIGITS) {
    const exponent = (isNegative ? -BigInt(digits) : BigInt(digits)) + BigInt(shift);
    return { exponent, spelling: String(exponent) };
  }
  const sign = isNegative ? "-" : "";
  return { exponent: Number(`${sign}Infinity`), spelling: `${sign}${digits}+${shift}` };
}

/** The sign of `a - b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.canonical === b.canonical) return 0;
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB) return signA - signB;
  const order = a.exponent === b.exponent ? a.digits > b.digits : a.exponent > b.exponent;
  return order ? signA : -signA;
}

const signOf = ({ isNegative, digits }: Decimal) => (digits === "" ? 0 : isNegative ? -1 : 1);

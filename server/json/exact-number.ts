import { type Decimal, readDecimal } from "./decimal.ts";

declare global {
  interface JSON {
    /** ECMAScript's proposal-json-parse-with-source: what `JSON.stringify` writes as it stands. */
    rawJSON?(text: string): object;
  }
}

/**
 * A number of a JSON text that no double holds: `8202522731445525542`, `1e400`, `0.1000000000000000055`. It is written
 * into JSON and texts with the digits it came with. What a double holds is never one of these, so the two are never equal.
 */
export class ExactNumber {
  /** As the sender wrote it. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get decimal(): Decimal {
    let decimal = decimals.get(this);
    if (!decimal) {
      decimal = decimalOf(this.text);
      decimals.set(this, decimal);
    }
    return decimal;
  }

  toString(): string {
    return this.text;
  }

  /** A browser without `JSON.rawJSON` shows the digits as a string. */
  toJSON(): object | string {
    return JSON.rawJSON ? JSON.rawJSON(this.text) : this.text;
  }
}

const decimals = new WeakMap<ExactNumber, Decimal>();

/** The value of any number that JSON can say. */
export const decimalOfNumber = (value: number | ExactNumber): Decimal =>
  typeof value === "number" ? decimalOf(String(value)) : value.decimal;

function decimalOf(text: string): Decimal {
  const decimal = readDecimal(text);
  if (!decimal) throw new Error(`${text.slice(0, 40)} is not a finite decimal number.`);
  return decimal;
}

/** No double's shortest decimal is longer. */
const MAX_DOUBLE_DIGITS = 17;

/** Whether the double that `text` parses to is written with the same value: 10.00 and 1E5 are, 9007199254740993 is not. */
export function isHeldByDouble(text: string): boolean {
  const { digits, canonical } = decimalOf(text);
  if (digits.length > MAX_DOUBLE_DIGITS) return false;
  const double = Number(text);
  return Number.isFinite(double) && decimalOf(String(double)).canonical === canonical;
}

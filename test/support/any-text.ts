// Whatever JavaScript can say as text or JSON, with more of what databases choke on than chance would bring.
import fc from "fast-check";

const unit = fc.oneof(
  fc.constantFrom("\u0000", "\ud800", "\udfff", "\\", '"', "\\u0000", "\\ud800", "\u2028", "\ud83d\ude00", "{", "\n"),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
);

/** Any sequence of code units. */
export const anyText = fc.array(unit, { maxLength: 12 }).map((units) => units.join(""));

/** Any JSON value, with such texts as keys too. */
export const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie("value")), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
})).value;

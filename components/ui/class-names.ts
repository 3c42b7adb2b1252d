import { type CxOptions, cx } from "class-variance-authority";
import { extendTailwindMerge } from "tailwind-merge";

// Without these names a size (`text-2xs`) would be taken for a colour and throw the other out.
const merge = extendTailwindMerge({ extend: { theme: { text: ["2xs"], shadow: ["menu", "drawer", "dialog"] } } });

/** Joins class names; of two that set the same property the later one stays, so that a caller can overrule a default. */
export const cn = (...classes: CxOptions) => merge(cx(classes));

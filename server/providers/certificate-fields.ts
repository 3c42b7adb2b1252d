// Fields of a certificate that RFC 5280 asks for and Node does not tell: how it is signed, and its extensions.
import type { X509Certificate } from "node:crypto";

export interface CertificateFields {
  /** The object identifier of the algorithm that it is signed with, its DER in hex. */
  signedWith: string;
  /** The first bits of `keyUsage`, the first one highest; null where the certificate does not restrict its key. */
  keyUsage: number | null;
  isAuthority: boolean;
  /** How many authorities may stand below this one; null where none are counted. */
  pathLength: number | null;
  /** It holds a critical extension that is not known here, or one that restricts names. */
  hasUnknownRule: boolean;
}

const TAG = { boolean: 0x01, integer: 0x02, bitString: 0x03, identifier: 0x06, sequence: 0x30, extensions: 0xa3 };
/** Object identifiers of extensions, the DER of each in hex: all of them are below 2.5.29. */
const EXTENSION = { keyUsage: "551d0f", basicConstraints: "551d13", nameConstraints: "551d1e" };
/** Critical and known: those above but for `nameConstraints`, names, policies, and uses of the key. */
const KNOWN = new Set([EXTENSION.keyUsage, EXTENSION.basicConstraints, "551d11", "551d20", "551d25"]);

interface Element {
  tag: number;
  value: Buffer;
}

/** @throws when the bytes are not DER of a certificate */
export function fieldsOf({ raw }: X509Certificate): CertificateFields {
  const [certificate] = elements(raw);
  const [signed, algorithm] = elements(contentOf(certificate, TAG.sequence));
  const [signedWith] = elements(contentOf(algorithm, TAG.sequence));
  const fields: CertificateFields = {
    signedWith: contentOf(signedWith, TAG.identifier).toString("hex"),
    keyUsage: null,
    isAuthority: false,
    pathLength: null,
    hasUnknownRule: false,
  };
  const wrapped = elements(contentOf(signed, TAG.sequence)).find(({ tag }) => tag === TAG.extensions);
  const [list] = wrapped ? elements(wrapped.value) : [];
  for (const extension of list ? elements(contentOf(list, TAG.sequence)) : []) readExtension(extension, fields);
  return fields;
}

function readExtension(extension: Element, fields: CertificateFields): void {
  const [identifier, ...rest] = elements(contentOf(extension, TAG.sequence));
  const id = contentOf(identifier, TAG.identifier).toString("hex");
  const [inner] = elements(rest.at(-1)?.value ?? Buffer.alloc(0));
  const isCritical = rest[0]?.tag === TAG.boolean && rest[0].value[0] !== 0;
  if (id === EXTENSION.keyUsage) fields.keyUsage = contentOf(inner, TAG.bitString)[1] ?? 0;
  if (id === EXTENSION.basicConstraints) {
    const constraints = elements(contentOf(inner, TAG.sequence));
    fields.isAuthority = constraints[0]?.tag === TAG.boolean && constraints[0].value[0] !== 0;
    const length = constraints.find(({ tag }) => tag === TAG.integer);
    // Of a longer number only its size counts, and no path is that long.
    if (length) fields.pathLength = length.value.length === 1 ? (length.value[0] ?? 0) : 255;
  }
  if (id === EXTENSION.nameConstraints || (isCritical && !KNOWN.has(id))) fields.hasUnknownRule = true;
}

function contentOf(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new Error("The certificate is not written as RFC 5280 has it.");
  return element.value;
}

/** The elements of DER that stand one behind the other. */
function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { tag, from, to } = headAt(bytes, at);
    if (to > bytes.length) throw new Error("The certificate ends within an element.");
    found.push({ tag, value: bytes.subarray(from, to) });
    at = to;
  }
  return found;
}

function headAt(bytes: Buffer, at: number): { tag: number; from: number; to: number } {
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { tag, from: at + 2, to: at + 2 + first };
  const size = first & 0x7f;
  if (size < 1 || size > 4) throw new Error("The certificate has an element without an end.");
  const from = at + 2 + size;
  return { tag, from, to: from + bytes.readUIntBE(at + 2, size) };
}

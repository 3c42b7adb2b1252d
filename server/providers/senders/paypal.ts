import { constants, verify } from "node:crypto";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { certificateUrl, rsaKeyOf } from "#server/providers/certificate.ts";
import {
  type Check,
  type FetchCertificate,
  type Inbound,
  rejected,
  type Verification,
} from "#server/providers/inbound.ts";
import { namedAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { isoTime, notATimestamp, soleHeader } from "#server/providers/timestamps.ts";

const SIGNATURE = "paypal-transmission-sig";
const SIGNED = [SIGNATURE, "paypal-transmission-id", "paypal-transmission-time", "paypal-cert-url", "paypal-auth-algo"];
/** RSA with a key of 2048 to 4096 bits, in base64. */
const BASE64_SIGNATURE = /^[A-Za-z0-9+/]{342,684}={0,2}$/;
/** The sender names the certificate, so only PayPal's own hosts and the one path are asked. */
const CERTIFICATE_HOST = /^(?:[a-z0-9-]+\.){0,3}paypal\.com$/;
const CERTIFICATE_PATH = /^\/v1\/notifications\/certs\/CERT-[A-Za-z0-9-]{1,100}$/;

const settings = z.strictObject({
  webhook_id: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{1,64}$/, "Give the webhook ID that PayPal shows beside the URL."),
});

interface Transmission {
  message: string;
  signature: Buffer;
  url: URL;
}

/** Reads the signed text and its certificate, or the reason why it cannot be read. */
function readTransmission(inbound: Inbound, webhookId: string): Transmission | Verification {
  const read: string[] = [];
  for (const name of SIGNED) {
    const header = soleHeader(inbound, name);
    if (header.kind === "unreadable") return rejected(header.detail);
    read.push(header.text);
  }
  const [signature = "", id = "", time = "", certUrl = "", algorithm] = read;
  if (algorithm !== "SHA256withRSA") return rejected("paypal-auth-algo is not SHA256withRSA.");
  if (isoTime(time) === null) return rejected(notATimestamp("paypal-transmission-time").detail);
  if (!BASE64_SIGNATURE.test(signature)) return rejected(`${SIGNATURE} holds no base64 RSA signature.`);
  const url = certificateUrl(certUrl, CERTIFICATE_HOST, CERTIFICATE_PATH);
  if (!url) return rejected("paypal-cert-url is no URL of a PayPal certificate: it was not asked.");
  return {
    message: `${id}|${time}|${webhookId}|${crc32(inbound.body)}`,
    signature: Buffer.from(signature, "base64"),
    url,
  };
}

async function judge(
  transmission: Transmission,
  nowMs: number,
  fetchCertificate: FetchCertificate,
): Promise<Verification> {
  const pem = await fetchCertificate(transmission.url);
  if (pem === null) return rejected("The certificate of paypal-cert-url could not be had.");
  const key = rsaKeyOf(pem, nowMs);
  const { message, signature } = transmission;
  if (key && verify("sha256", Buffer.from(message), { key, padding: constants.RSA_PKCS1_PADDING }, signature))
    return { kind: "verified", with: "secret" };
  return rejected(`${SIGNATURE} belongs to something else than what was received and this webhook ID.`);
}

const makeCheck =
  ({ webhook_id }: z.output<typeof settings>): Check =>
  (inbound, nowMs, fetchCertificate) => {
    const transmission = readTransmission(inbound, webhook_id);
    return "kind" in transmission ? transmission : judge(transmission, nowMs, fetchCertificate);
  };

/** There is no secret: PayPal signs with a key whose certificate it serves. */
export const paypal: SourceProvider<typeof settings> = {
  name: "paypal",
  title: "PayPal",
  tile: "PP",
  docs: "https://developer.paypal.com/api/rest/webhooks/rest",
  isConfirmed: true,
  about: "RSA with the certificate that PayPal serves",
  fieldWords: { webhook_id: { label: "Webhook ID", help: "PayPal shows it beside the URL." } },
  headers: [SIGNATURE],
  hmac: null,
  settings,
  rotation: null,
  makeCheck,
  prove: () => null,
  problems: () => [],
  secretHeaders: () => [],
  methods: ["POST"],
  ...namedAt({
    type: "event_type",
    id: "id",
    occurredAt: "create_time",
    resourceId: "resource.id",
    example: "PAYMENT.CAPTURE.COMPLETED",
  }),
};

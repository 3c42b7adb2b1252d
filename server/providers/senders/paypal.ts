import { crc32 } from "node:zlib";
import { z } from "zod";
import { type CertifiedText, certificateUrl, signedByCertificate } from "#server/providers/certificate.ts";
import { type Inbound, rejected, type Verification } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { isoTime, notATimestamp, soleHeader } from "#server/providers/timestamps.ts";

const SIGNATURE = "paypal-transmission-sig";
const SIGNED = [SIGNATURE, "paypal-transmission-id", "paypal-transmission-time", "paypal-cert-url", "paypal-auth-algo"];
/** The sender names the certificate, so only PayPal's own hosts and the one path are asked. */
const CERTIFICATE_HOST = /^api(?:-m)?(?:\.sandbox)?\.paypal\.com$/;
const CERTIFICATE_PATH = /^\/v1\/notifications\/certs\/CERT-[A-Za-z0-9-]{1,100}$/;

/** Whom PayPal's SDKs take a webhook from: live, and of the sandbox. */
const SIGNERS = ["messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"];

const settings = z.strictObject({
  webhook_id: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9-]{1,64}$/, "Give the webhook ID that PayPal shows beside the URL."),
});

function readTransmission(inbound: Inbound, { webhook_id }: z.output<typeof settings>): CertifiedText | Verification {
  const read: string[] = [];
  for (const name of SIGNED) {
    const header = soleHeader(inbound, name);
    if (header.kind === "unreadable") return rejected(header.detail);
    read.push(header.text);
  }
  const [signature = "", id = "", time = "", certUrl = "", algorithm] = read;
  if (algorithm !== "SHA256withRSA") return rejected("paypal-auth-algo is not SHA256withRSA.");
  if (isoTime(time) === null) return rejected(notATimestamp("paypal-transmission-time").detail);
  const url = certificateUrl(certUrl, CERTIFICATE_HOST, CERTIFICATE_PATH);
  if (!url) return rejected("paypal-cert-url is no URL of a PayPal certificate: it was not asked.");
  const message = `${id}|${time}|${webhook_id}|${crc32(inbound.body)}`;
  return { message, hash: "sha256", signature, url, names: SIGNERS };
}

export const paypal = makeProvider(
  {
    name: "paypal",
    title: "PayPal",
    tile: "PP",
    docs: "https://developer.paypal.com/api/rest/webhooks/rest",
    isConfirmed: true,
  },
  signedByCertificate({
    provider: "PayPal",
    headers: [SIGNATURE],
    settings,
    signatureName: SIGNATURE,
    urlName: "paypal-cert-url",
    mismatch: "what was received and this webhook ID",
    read: readTransmission,
  }),
  {
    type: "event_type",
    id: "id",
    occurredAt: "create_time",
    resourceId: "resource.id",
    example: "PAYMENT.CAPTURE.COMPLETED",
  },
  { fieldWords: { webhook_id: { label: "Webhook ID", help: "PayPal shows it beside the URL." } } },
);

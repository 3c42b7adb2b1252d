import { z } from "zod";
import { outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";
import { type CertifiedText, certificateUrl, signedByCertificate } from "#server/providers/certificate.ts";
import { type Inbound, rejected, type Verification } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";

/** A message has at most 256 KiB; written as JSON within JSON it can be several times as long. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/**
 * The sender names the certificate, so only Amazon's own hosts and the one path are asked. A region is spelled out: in
 * `sns.s3-us-west-2.amazonaws.com` the bucket called sns would be asked, whoever owns it.
 */
const CERTIFICATE_HOST = /^sns\.([a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2})\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
/** As the SDK for Java knows them: of older regions one for all, of the others their own, and of both of GovCloud the western one's. */
const signersOf = (region: string, china: string): string[] =>
  region.startsWith("us-gov-")
    ? ["sns-us-gov-west-1.amazonaws.com"]
    : ["sns.amazonaws.com", `sns-signing.${region}.amazonaws.com`, `sns-${region}.amazonaws.com${china}`];
const HASHES = new Map<string, CertifiedText["hash"]>([
  ["1", "sha1"],
  ["2", "sha256"],
]);
const OF_SUBSCRIPTION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
/** What is signed of each type of message, in the order of its signing. */
const SIGNED = new Map([
  ["Notification", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]],
  ["SubscriptionConfirmation", OF_SUBSCRIPTION],
  ["UnsubscribeConfirmation", OF_SUBSCRIPTION],
]);

const settings = z.strictObject({
  topic_arn: z
    .string()
    .trim()
    .regex(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/,
      "Give the ARN of the topic, as arn:aws:sns:… .",
    ),
});

const TOPIC = wantedAt(["TopicArn"]);
const NO_MESSAGE = "The body is no message of SNS. Raw message delivery signs nothing: turn it off.";
const ANOTHER_TOPIC = "TopicArn is another topic than that of this source.";

function readNotification({ body }: Inbound, { topic_arn }: z.output<typeof settings>): CertifiedText | Verification {
  // A look at the one member costs a tenth of parsing, and only who knows the topic has more of a body read.
  const named = field(outlineJson(body, TOPIC), "TopicArn");
  if (named === undefined) return rejected(NO_MESSAGE);
  if (named !== topic_arn) return rejected(ANOTHER_TOPIC);
  const sent = parsed(body);
  const text = (name: string) => {
    const value = field(sent, name);
    return typeof value === "string" ? value : null;
  };
  const names = SIGNED.get(text("Type") ?? "");
  if (!names) return rejected(NO_MESSAGE);
  // Every account's topics are signed with the same certificate, and a name in escapes is no name to the look above.
  if (text("TopicArn") !== topic_arn) return rejected(ANOTHER_TOPIC);
  const hash = HASHES.get(text("SignatureVersion") ?? "");
  if (!hash) return rejected("SignatureVersion is neither 1 nor 2.");
  const url = certificateUrl(text("SigningCertURL") ?? "", CERTIFICATE_HOST, CERTIFICATE_PATH);
  if (!url) return rejected("SigningCertURL is no URL of a certificate of SNS: it was not asked.");
  const [, region = "", china = ""] = CERTIFICATE_HOST.exec(url.hostname) ?? [];
  const lines = names.map((name) => [name, text(name)] as const);
  if (lines.some(([name, value]) => value === null && name !== "Subject"))
    return rejected("The body lacks a field that SNS signs.");
  const message = lines.map(([name, value]) => (value === null ? "" : `${name}\n${value}\n`)).join("");
  return { message, hash, signature: text("Signature") ?? "", url, names: signersOf(region, china) };
}

function parsed(body: Buffer): unknown {
  if (body.length > MAX_BODY_BYTES) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * A subscription starts with a request that holds a
 * `SubscribeURL`, which the owner opens: the door calls nobody.
 */
export const sns = makeProvider(
  {
    name: "sns",
    title: "Amazon SNS",
    tile: "Ns",
    docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
    isConfirmed: true,
  },
  signedByCertificate({
    provider: "Amazon",
    headers: [],
    settings,
    signatureName: "Signature",
    urlName: "SigningCertURL",
    mismatch: "what was received",
    read: readNotification,
  }),
  { type: "Type", id: "MessageId", occurredAt: "Timestamp", resourceId: "TopicArn" },
  {
    fieldWords: {
      topic_arn: {
        label: "Topic ARN",
        help: "Every account's topics are signed alike: only this one's messages are taken.",
      },
    },
  },
);

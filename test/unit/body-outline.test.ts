import { describe, expect, test } from "vitest";
import { wantedAt } from "#server/json/json-outline.ts";
import { outlineBody } from "#server/payload/body-outline.ts";

const FORM = "application/x-www-form-urlencoded";
const WANTED = wantedAt([
  "type", "event", "payload.type", "payload.id", "MessageSid", "MessageStatus", "action", "id", "events.*.id",
]); // biome-ignore format: a list
const read = (body: string, contentType: string | null) => outlineBody(Buffer.from(body), contentType, WANTED);

describe("JSON", () => {
  test("is read where rules would read it: as JSON, without a type, or as plain text", () => {
    for (const type of ["application/json; charset=utf-8", "application/cloudevents+json", null, "text/plain"])
      expect(read('{"type":"a","secret":"x"}', type)).toEqual({ type: "a" });
    expect(read('{"type":"a"}', "application/xml")).toBeUndefined();
    expect(outlineBody(Buffer.from('{"type":"\xff"}', "latin1"), "application/json", WANTED)).toBeUndefined();
  });
});

describe("forms", () => {
  test("of the fields with a name that counts the first of each, decoded", () => {
    expect(read("MessageSid=SM1&Body=x&MessageStatus=not+%C3%BCber&MessageStatus=later&type", FORM)).toEqual({
      MessageSid: "SM1",
      MessageStatus: "not über",
      type: "",
    });
    expect(read("__proto__=x&constructor=y", FORM)).toEqual({});
  });

  test("the JSON in payload is read, however large", () => {
    const small = encodeURIComponent('{"type":"block_actions","text":"a + b & ü"}').replaceAll("%20", "+");
    expect(read(`token=t&payload=${small}`, FORM)).toEqual({ payload: { type: "block_actions" } });
    const large = encodeURIComponent(`{"text":"${"x".repeat(1_000_000)}","type":"late"}`);
    expect(read(`payload=${large}`, FORM)).toEqual({ payload: { type: "late" } });
    expect(read("payload=%7Bbroken%zz", FORM)).toEqual({ payload: "%7Bbroken%zz" });
    expect(read('events=[{"id":1},{"id":2}]&type=x', FORM)).toEqual({ events: [{ id: 1 }, { id: 2 }], type: "x" });
  });

  test("more than 5,000 fields are no form", () => {
    expect(read(`${"a=1&".repeat(4_999)}type=x`, FORM)).toEqual({ type: "x" });
    expect(read(`${"a=1&".repeat(5_000)}type=x`, FORM)).toBeUndefined();
  });

  test("fields without a value cost no search of all that follows them", () => {
    const tail = "b".repeat(4 * 1024 * 1024);
    const [one, many] = [`type&${tail}`, `type&${"a&".repeat(4_990)}${tail}`].map((text) => {
      const body = Buffer.from(text);
      const times = Array.from({ length: 5 }, () => {
        const startedMs = performance.now();
        expect(outlineBody(body, FORM, WANTED)).toEqual({ type: "" });
        return performance.now() - startedMs;
      });
      return Math.min(...times);
    });
    // With a search of the rest in each field it is some hundred times as long.
    expect(many).toBeLessThan(20 * (one ?? 0) + 5);
  });

  test("multipart fields are read, files are not", () => {
    const part = (name: string, body: string, more = "") =>
      `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${body}\r\n`;
    const body = `${part("event", "delivered")}${part("payload", '{"id":"p"}')}${part("type", "x", '; filename="f"')}--B--`;
    expect(read(body, "multipart/form-data; boundary=B")).toEqual({ event: "delivered", payload: { id: "p" } });
  });
});

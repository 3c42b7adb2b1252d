import { expect, test } from "vitest";
import { cancelsWords, copiesWords, reachWords } from "#components/request-detail/erase-words.ts";

const at = (destination_name: string | null, events: number, destination_type: string | null = "HTTP") => ({
  destination_id: "des_1",
  destination_name,
  destination_type,
  events,
});

test("an erasure says what it reaches, and the copies that it does not", () => {
  expect(reachWords({ events: 1, attempts: 0 })).toBe("the request, 1 event and 0 attempts");
  expect(reachWords({ events: 3, attempts: 1_204 })).toBe("the request, 3 events and 1,204 attempts");
  expect(copiesWords([at("billing", 1), at("archive", 2, "S3")])).toBe("1 delivery at billing, 2 objects at archive");
  expect(copiesWords([at("a", 2), at(null, 1, null), at("c", 1, "S3"), at("d", 1), at("e", 1)])).toBe(
    "2 deliveries at a, 1 delivery at des_1, 1 object at c and 2 destinations more",
  );
  expect([cancelsWords(1), cancelsWords(20)]).toEqual([
    "Cancel the event that is not finished",
    "Cancel the 20 events that are not finished",
  ]);
});

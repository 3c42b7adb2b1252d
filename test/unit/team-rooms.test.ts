import { expect, test } from "vitest";
import { makeTeamRooms } from "#server/shares/team-rooms.ts";

const makeRooms = () => makeTeamRooms({ count: 2, bytes: 100 }, { count: 4, bytes: 150 });

test("a team has so much in hand, in things and in bytes, and gets it back", () => {
  const rooms = makeRooms();
  expect([rooms.take("a", 60), rooms.take("a", 60), rooms.take("a", 40), rooms.take("a", 0)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  rooms.giveBack("a", 60);
  expect(rooms.roomOf("a")).toEqual({ count: 1, bytes: 60 });
  rooms.giveBack("a", 40);
  expect(rooms.teams()).toEqual([]);
});

test("the first thing of a team always has room, however large it is and whatever others hold", () => {
  const rooms = makeRooms();
  expect(rooms.take("a", 149)).toBe(true);
  expect(rooms.take("a", 1)).toBe(false);
  expect(rooms.take("b", 120)).toBe(true);
  expect(rooms.roomOf("b").count).toBe(0);
  expect(rooms.newcomer()).toEqual({ count: 1, bytes: 100 });
});

test("all together are bounded, also those that held nothing", () => {
  const rooms = makeRooms();
  const taken = Array.from({ length: 10 }, (_, n) => rooms.take(`team-${n}`, 40));
  expect(taken.filter(Boolean)).toHaveLength(8);
  expect(rooms.newcomer()).toEqual({ count: 0, bytes: 0 });
  rooms.giveBack("team-0", 40);
  expect(rooms.take("team-9", 40)).toBe(true);
});

import { expect, it } from "vitest";
import { LIMIT_CHOICES, nameOfLimit, parseLimit } from "./copies-limit";

it("reads each choice back as it was named, and nothing else as a choice", () => {
  for (const choice of LIMIT_CHOICES) expect(parseLimit(nameOfLimit(choice))).toBe(choice);
  expect(["", "0", "null", "201"].map(parseLimit)).toEqual(Array(4).fill(undefined));
});

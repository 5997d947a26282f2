import { expect, it } from "vitest";
import { sizeInWords } from "./size-in-words";

it.each([
  [0, "0 kB"],
  [1_499, "1 kB"],
  [999_000, "999 kB"],
  [1_250_000, "1.3 MB"],
  [2_000_000_000, "2 GB"],
])("says %d bytes as %s", (bytes, words) => {
  expect(sizeInWords(bytes, "en-GB")).toBe(words);
});

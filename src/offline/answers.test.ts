import { describe, expect, it } from "vitest";
import { worthKeeping, type Answer } from "./answers";

const answer = (key: string, at: number): Answer => ({ key, value: null, at });
const keysOf = (answers: Answer[]) => answers.map(({ key }) => key);

describe("the answers that are worth their place", () => {
  it("are the newest 150", () => {
    const answers = Array.from({ length: 200 }, (_, at) => answer(`a${at}`, at));
    const kept = worthKeeping(answers, () => 1);
    expect(kept).toHaveLength(150);
    expect(kept[0]?.key).toBe("a199");
    expect(kept.at(-1)?.key).toBe("a50");
  });

  it("take 1.5 million characters at most", () => {
    const answers = [answer("old", 1), answer("middle", 2), answer("new", 3)];
    expect(keysOf(worthKeeping(answers, () => 750_000))).toEqual(["new", "middle"]);
    expect(keysOf(worthKeeping(answers, () => 750_001))).toEqual(["new"]);
    expect(worthKeeping(answers, () => 1_500_001)).toEqual([]);
  });
});

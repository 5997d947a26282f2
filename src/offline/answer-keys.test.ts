import { describe, expect, it } from "vitest";
import { answerKey, userOfToken } from "./answer-keys";

function jwt(claims: unknown): string {
  const utf8 = String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims)));
  return `h.${btoa(utf8).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.s`;
}

describe("whose answer it is", () => {
  it("is the user of the session's token", () => {
    expect(userOfToken(jwt({ sub: "k57b|j97c", name: "Ünal ÿ>>???" }))).toBe("k57b");
  });

  it.each(["", "a.b", "a.b.c", jwt({}), jwt(null), jwt({ sub: 7 }), jwt({ sub: "|j97c" })])(
    "is nobody's with the token %j",
    (token) => {
      expect(userOfToken(token)).toBeNull();
    },
  );
});

describe("the name of a question", () => {
  const page = (id: number, cursor: string | null) => ({
    place: "a",
    paginationOpts: { numItems: 80, cursor, id },
  });

  it("is the same whichever list asks", () => {
    expect(answerKey("tree:mine", page(1, null))).toBe(answerKey("tree:mine", page(2, null)));
  });

  it("is another for another page, other arguments and another query", () => {
    const names = [
      answerKey("tree:mine", page(1, null)),
      answerKey("tree:mine", page(1, "next")),
      answerKey("tree:mine", { ...page(1, null), place: "b" }),
      answerKey("tree:shared", page(1, null)),
    ];
    expect(new Set(names).size).toBe(4);
  });
});

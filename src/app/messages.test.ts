import { ConvexError } from "convex/values";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../protocol/errors";
import { explain, failureOf } from "./messages";

const refusal = (code: string) => new ConvexError({ code, message: "for developers only" });

describe("failureOf", () => {
  it.each(ERROR_CODES)("recognises the backend's refusal %s", (code) => {
    expect(failureOf(refusal(code))).toEqual({ kind: "refused", code });
  });

  it.each([
    ["a code that this version does not know", refusal("teapot")],
    ["a ConvexError with plain text", new ConvexError("no")],
    ["a server fault", new Error("[CONVEX M(documents:create)] [Request ID: 1] Server Error")],
    ["something that is not an error", "no"],
    ["an error that only talks about a code", new Error("forbidden")],
  ])("takes %s for unexpected", (_, error) => {
    expect(failureOf(error)).toEqual({ kind: "unexpected" });
  });

  it.each(["Connection lost while action was in flight", "Failed to fetch", "Load failed"])(
    "takes “%s” for an unreachable backend",
    (message) => {
      expect(failureOf(new Error(message))).toEqual({ kind: "unreachable" });
    },
  );

  it.each([
    "Failed to fetch dynamically imported module: http://localhost/assets/DocumentPage.js",
    "error loading dynamically imported module: http://localhost/assets/DocumentPage.js",
    "Importing a module script failed.",
    "Unable to preload CSS for /assets/DocumentPage.css",
  ])("takes “%s” for a missing part of the page", (message) => {
    expect(failureOf(new TypeError(message))).toEqual({ kind: "page-part-missing" });
  });
});

describe("explain", () => {
  it("never shows the message that was meant for developers", () => {
    for (const code of ERROR_CODES) {
      expect(JSON.stringify(explain(refusal(code)))).not.toContain("for developers only");
    }
  });

  it("prefers the caller's words, for that kind only", () => {
    const words = { not_found: { what: "Nobody has this address.", next: "Check the spelling." } };
    expect(explain(refusal("not_found"), words)).toBe(words.not_found);
    expect(explain(refusal("forbidden"), words)).toEqual(explain(refusal("forbidden")));
  });
});

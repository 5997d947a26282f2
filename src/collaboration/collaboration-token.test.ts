import { ConvexError } from "convex/values";
import { describe, expect, it } from "vitest";
import { tokenSource } from "./collaboration-token";

const LIMIT_MS = 50;

describe("the token source", () => {
  it("passes a token on", async () => {
    const ask = tokenSource(() => Promise.resolve({ token: "abc" }), LIMIT_MS);
    expect(await ask()).toEqual({ kind: "token", token: "abc" });
  });

  it("tells a refusal by Convex from a failure to reach it", async () => {
    const forbidden = new ConvexError({ code: "forbidden", message: "no" });
    const failures: [Error, object][] = [
      [forbidden, { kind: "refused", code: "forbidden" }],
      [new Error("Connection lost while action was in flight"), { kind: "unavailable" }],
      [new ConvexError({ code: "something else" }), { kind: "unavailable" }],
    ];
    for (const [thrown, answer] of failures) {
      const ask = tokenSource(() => Promise.reject(thrown), LIMIT_MS);
      expect(await ask()).toEqual(answer);
    }
  });

  it("gives up after its limit, and the next attempt joins the call that is still on its way", async () => {
    let calls = 0;
    let deliver: (value: { token: string }) => void = () => undefined;
    const ask = tokenSource(() => {
      calls++;
      return new Promise((resolve) => (deliver = resolve));
    }, LIMIT_MS);
    expect(await ask()).toEqual({ kind: "unavailable" });
    const second = ask();
    deliver({ token: "late" });
    expect(await second).toEqual({ kind: "token", token: "late" });
    expect(calls).toBe(1);
    const third = ask();
    deliver({ token: "next" });
    expect(await third).toEqual({ kind: "token", token: "next" });
    expect(calls).toBe(2);
  });
});

import { ConvexError } from "convex/values";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { tokenSource } from "./collaboration-token";

const LIMIT_MS = 50;

/** A token as Convex issues it; who signed it is the room's business. */
const tokenOf = (userId: string) => new UnsecuredJWT({ room: "doc-abc" }).setSubject(userId).encode();

describe("the token source", () => {
  it("passes a token on", async () => {
    const ask = tokenSource(() => Promise.resolve({ token: tokenOf("ada") }), LIMIT_MS, "ada");
    expect(await ask()).toEqual({ kind: "token", token: tokenOf("ada") });
  });

  it("takes a token that was issued to somebody else for signed out", async () => {
    const ask = tokenSource(() => Promise.resolve({ token: tokenOf("bert") }), LIMIT_MS, "ada");
    expect(await ask()).toEqual({ kind: "refused", code: "unauthenticated" });
  });

  it("tells a refusal by Convex from a failure to reach it", async () => {
    const forbidden = new ConvexError({ code: "forbidden", message: "no" });
    const failures: [Error, object][] = [
      [forbidden, { kind: "refused", code: "forbidden" }],
      [new Error("Connection lost while action was in flight"), { kind: "unavailable" }],
      [new ConvexError({ code: "something else" }), { kind: "unavailable" }],
    ];
    for (const [thrown, answer] of failures) {
      const ask = tokenSource(() => Promise.reject(thrown), LIMIT_MS, "ada");
      expect(await ask()).toEqual(answer);
    }
  });

  it("gives up after its limit, and the next attempt joins the call that is still on its way", async () => {
    const [late, next] = [tokenOf("ada"), new UnsecuredJWT({ jti: "2" }).setSubject("ada").encode()];
    let calls = 0;
    let deliver: (value: { token: string }) => void = () => undefined;
    const ask = tokenSource(
      () => {
        calls++;
        return new Promise((resolve) => (deliver = resolve));
      },
      LIMIT_MS,
      "ada",
    );
    expect(await ask()).toEqual({ kind: "unavailable" });
    const second = ask();
    deliver({ token: late });
    expect(await second).toEqual({ kind: "token", token: late });
    expect(calls).toBe(1);
    const third = ask();
    deliver({ token: next });
    expect(await third).toEqual({ kind: "token", token: next });
    expect(calls).toBe(2);
  });
});

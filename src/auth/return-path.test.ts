import { describe, expect, it } from "vitest";
import { returnPath, signInPathFor } from "./return-path";

const after = (next: string) => returnPath(new URLSearchParams({ next }));

describe("returnPath", () => {
  it("comes back to the page that was asked for, with query and hash", () => {
    const path = "/d/abc123?view=1#top";
    expect(returnPath(new URL(signInPathFor(path), "https://ripple.invalid").searchParams)).toBe(path);
  });

  it("is the workspace when nothing was asked for", () => {
    expect(returnPath(new URLSearchParams())).toBe("/");
    expect(signInPathFor("/")).toBe("/sign-in");
  });

  it.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/.//evil.example",
    "javascript:alert(1)",
    "evil",
    "",
  ])("never leaves the application: %j", (next) => {
    expect(after(next)).toBe("/");
  });

  it("does not send somebody who has just signed in back to sign-in", () => {
    expect(after("/sign-in?next=/sign-in")).toBe("/");
  });
});

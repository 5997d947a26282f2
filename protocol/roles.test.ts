import { describe, expect, it } from "vitest";
import { canWrite, isAtLeast, ROLES } from "./roles";

describe("roles", () => {
  it("are ordered from viewer to owner", () => {
    expect(ROLES).toEqual(["viewer", "commenter", "editor", "owner"]);
    expect(isAtLeast("owner", "viewer")).toBe(true);
    expect(isAtLeast("editor", "editor")).toBe(true);
    expect(isAtLeast("commenter", "editor")).toBe(false);
  });

  it("let only editors and owners write", () => {
    expect(ROLES.filter(canWrite)).toEqual(["editor", "owner"]);
  });
});

import { describe, expect, it } from "vitest";
import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from "../../protocol/limits";
import { credentialErrors, passwordParams } from "./credentials";

const GOOD = { name: "Ada Lovelace", email: "ada@example.com", password: "p".repeat(PASSWORD_MIN_CHARS) };

describe("credentialErrors", () => {
  it("accepts a complete form in both modes", () => {
    expect(credentialErrors("create", GOOD)).toEqual({});
    expect(credentialErrors("sign-in", GOOD)).toEqual({});
  });

  it("asks for everything that is missing, and for no name when signing in", () => {
    const empty = { name: " ", email: " ", password: "" };
    expect(Object.keys(credentialErrors("create", empty))).toEqual(["name", "email", "password"]);
    expect(Object.keys(credentialErrors("sign-in", empty))).toEqual(["email", "password"]);
  });

  it.each([
    "ada",
    "ada@",
    "@example.com",
    "ada@example",
    "a da@example.com",
    "ada@@example.com",
    "ada@example.",
  ])("refuses %s as an address", (email) => {
    expect(credentialErrors("sign-in", { ...GOOD, email })).toHaveProperty("email");
  });

  it("holds new passwords and names to their limits, at the edge", () => {
    const errors = (patch: Partial<typeof GOOD>) => credentialErrors("create", { ...GOOD, ...patch });
    expect(errors({ password: "p".repeat(PASSWORD_MIN_CHARS - 1) })).toHaveProperty("password");
    expect(errors({ password: "p".repeat(PASSWORD_MAX_CHARS) })).toEqual({});
    expect(errors({ password: "p".repeat(PASSWORD_MAX_CHARS + 1) })).toHaveProperty("password");
    expect(errors({ name: "n".repeat(NAME_MAX_CHARS) })).toEqual({});
    expect(errors({ name: "n".repeat(NAME_MAX_CHARS + 1) })).toHaveProperty("name");
  });

  it("lets an old, short password try to sign in: only the server knows whether it is right", () => {
    expect(credentialErrors("sign-in", { ...GOOD, password: "x" })).toEqual({});
  });
});

describe("passwordParams", () => {
  it("sends addresses in lower case without blanks, and the password as typed", () => {
    expect(passwordParams("sign-in", { ...GOOD, email: " Ada@Example.com ", password: " Secret " })).toEqual({
      flow: "signIn",
      email: "ada@example.com",
      password: " Secret ",
    });
  });

  it("sends a name only for a new account", () => {
    expect(passwordParams("create", { ...GOOD, name: " Ada " })).toMatchObject({
      flow: "signUp",
      name: "Ada",
    });
    expect(passwordParams("sign-in", GOOD)).not.toHaveProperty("name");
  });
});

import { NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from "../../protocol/limits";

/** Signing in to an account that exists, or creating one. */
export type AuthMode = "sign-in" | "create";

export interface Credentials {
  name: string;
  email: string;
  password: string;
}

export type CredentialErrors = Partial<Record<keyof Credentials, string>>;

/** Something before and after one @, a dot in the domain, no blanks. Whether it exists, only a mail could tell. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

/** What is wrong with each field, in words for the person who filled it in. Empty means: send it. */
export function credentialErrors(mode: AuthMode, { name, email, password }: Credentials): CredentialErrors {
  const errors: CredentialErrors = {};
  if (mode === "create") {
    if (name.trim() === "") errors.name = "Enter the name that others will see.";
    else if (name.trim().length > NAME_MAX_CHARS)
      errors.name = `Use a name of at most ${NAME_MAX_CHARS} characters.`;
  }
  if (email.trim() === "") errors.email = "Enter your email address.";
  else if (!EMAIL.test(email.trim())) errors.email = "Enter a full email address, like ada@example.com.";
  if (password === "") errors.password = mode === "create" ? "Choose a password." : "Enter your password.";
  else if (mode === "create" && password.length < PASSWORD_MIN_CHARS)
    errors.password = `Use at least ${PASSWORD_MIN_CHARS} characters.`;
  else if (mode === "create" && password.length > PASSWORD_MAX_CHARS)
    errors.password = `Use at most ${PASSWORD_MAX_CHARS} characters.`;
  return errors;
}

/** The fields as the `Password` provider takes them. Addresses are compared in lower case everywhere. */
export function passwordParams(mode: AuthMode, { name, email, password }: Credentials) {
  const account = { email: email.trim().toLowerCase(), password };
  return mode === "create"
    ? { ...account, name: name.trim(), flow: "signUp" as const }
    : { ...account, flow: "signIn" as const };
}

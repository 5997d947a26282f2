/** What people type into fields, brought into the form in which it is stored. Each throws `invalid`. */
import { NAME_MAX_CHARS, TITLE_MAX_CHARS } from "../protocol/limits";
import { refusal } from "./errors";

/** Longest address that SMTP can carry (RFC 5321, section 4.5.3.1.3, without the angle brackets). */
const EMAIL_MAX_CHARS = 254;

/** Only the shape: one `@`, something before it, a dotted host after it. Delivery is the only real test. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

export function parseTitle(title: string): string {
  return parseLine(title, "title", TITLE_MAX_CHARS);
}

export function parseName(name: unknown): string {
  if (typeof name !== "string") throw refusal("invalid", "A name is needed.");
  return parseLine(name, "name", NAME_MAX_CHARS);
}

/** Lower-cased, so that an address is one account however it is typed. */
export function parseEmail(email: unknown): string {
  const normal = typeof email === "string" ? email.trim().toLowerCase() : "";
  if (normal.length > EMAIL_MAX_CHARS || !EMAIL.test(normal)) {
    throw refusal("invalid", "This is not an email address.");
  }
  return normal;
}

/**
 * Control characters, line breaks among them, would break the lines that titles and names stand in; the marks that
 * turn the direction of writing around would turn what stands beside them too. Letters of every script may stay.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]+/gu;
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

function parseLine(text: string, what: string, maxChars: number): string {
  const trimmed = text.replaceAll(UNPRINTABLE, " ").replaceAll(DIRECTION_MARKS, "").trim();
  if (trimmed.length === 0) throw refusal("invalid", `The ${what} is empty.`);
  if (trimmed.length > maxChars)
    throw refusal("invalid", `The ${what} is longer than ${maxChars} characters.`);
  return trimmed;
}

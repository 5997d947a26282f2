import { expect, it } from "vitest";
import { isForeign } from "./origin";

const SITE = "https://ripple.example.com";

it.each([
  ["the page", SITE, SITE, false],
  ["a program that is no browser", null, SITE, false],
  ["another site", "https://evil.example", SITE, true],
  ["a host that begins alike", `${SITE}.evil.example`, SITE, true],
  ["another subdomain", "https://other.example.com", SITE, true],
  ["the page without encryption", "http://ripple.example.com", SITE, true],
  ["the page on another port", `${SITE}:8443`, SITE, true],
  ["a sandboxed frame or a file", "null", SITE, true],
  ["a page of this machine, in production", "http://localhost:5173", SITE, true],
  ["a preview's page, in production", "https://ripple-pr-7.acme.workers.dev", SITE, true],
  ["localhost for 127.0.0.1", "http://localhost:5173", "http://127.0.0.1:5173", false],
  ["another port of this machine", "http://[::1]:4173", "http://localhost:5173", false],
  ["another site, in development", "https://evil.example", "http://127.0.0.1:5173", true],
  ["a host that is called like this machine", "http://localhost.evil.example", "http://localhost:5173", true],
  ["any page, while there is no SITE_URL", SITE, undefined, true],
  ["a program, while there is no SITE_URL", null, undefined, false],
])("%s", (_name, origin, siteUrl, foreign) => {
  expect(isForeign(origin, siteUrl)).toBe(foreign);
});

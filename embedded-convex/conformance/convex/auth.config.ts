import type { AuthConfig } from "convex/server";

const site = process.env["CONVEX_SITE_URL"] ?? "";

export default {
  providers: [
    // Found by OpenID discovery, through the routes of http.ts.
    { domain: site, applicationID: "conformance" },
    {
      type: "customJwt",
      issuer: "https://custom.conformance.test",
      applicationID: "conformance-custom",
      jwks: `${site}/jwks.json`,
      algorithm: "RS256",
    },
  ],
} satisfies AuthConfig;

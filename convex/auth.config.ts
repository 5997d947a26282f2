/** The part of Convex's runtime that this file needs; it has no other global of Node. */
declare const process: { env: { CONVEX_SITE_URL: string } };

/** Convex trusts the session tokens that `auth.ts` issues on this very deployment. */
export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};

/** Settings with which a whole deployment may start; none of them opens anything. */
export const PRODUCTION = {
  CONVEX_DEPLOY_KEY: "prod:brave-otter-1|key",
  VITE_CONVEX_URL: "https://brave-otter-1.convex.cloud",
  CONVEX_SITE_URL: "https://brave-otter-1.convex.site",
  COLLABORATION_TOKEN_SECRET: "t".repeat(43),
  ROOM_SERVICE_SECRET: "s".repeat(43),
  SITE_URL: "https://ripple.example.com",
  PARTYKIT_DOMAIN: "rooms.example.com",
  PARTYKIT_LOGIN: "team",
  PARTYKIT_TOKEN: "partykit-token",
  CLOUDFLARE_ACCOUNT_ID: "account",
  CLOUDFLARE_API_TOKEN: "cloudflare-token",
};

/** Addresses of the other two runtimes, set at build time. Unset means the ports of local development. */
interface ImportMetaEnv {
  readonly VITE_CONVEX_URL?: string;
  readonly VITE_PARTYKIT_HOST?: string;
}

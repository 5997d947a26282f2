/** Set at build time. */
interface ImportMetaEnv {
  /** Addresses of the other two runtimes. Unset means the ports of local development. */
  readonly VITE_CONVEX_URL?: string;
  readonly VITE_PARTYKIT_HOST?: string;
  /** Within how many ms pages come back after a lost connection. Unset means the connection policy's own spread. */
  readonly VITE_RECONNECT_WITHIN_MS?: string;
}

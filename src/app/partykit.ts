const LOCAL_PARTYKIT_HOST = "127.0.0.1:1999";

/** Host and port of PartyKit. */
export const PARTYKIT_HOST = import.meta.env.VITE_PARTYKIT_HOST ?? LOCAL_PARTYKIT_HOST;

const { VITE_RECONNECT_WITHIN_MS } = import.meta.env;

/**
 * The spread of reconnects for builds that have few users: tests, which would wait for it. The default is made for a
 * thousand pages that lose one server at once.
 */
export const RECONNECT_WITHIN_MS =
  VITE_RECONNECT_WITHIN_MS === undefined ? undefined : Number(VITE_RECONNECT_WITHIN_MS);

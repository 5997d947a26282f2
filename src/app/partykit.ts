const LOCAL_PARTYKIT_HOST = "127.0.0.1:1999";

/** Host and port of PartyKit. */
export const PARTYKIT_HOST = import.meta.env.VITE_PARTYKIT_HOST ?? LOCAL_PARTYKIT_HOST;

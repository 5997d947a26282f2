import { ConvexReactClient } from "convex/react";

const LOCAL_CONVEX_URL = "http://127.0.0.1:3210";

/** The one connection to Convex of this page. */
export const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL ?? LOCAL_CONVEX_URL);

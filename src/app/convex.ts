import { api } from "../../convex/_generated/api";
import { RememberingClient } from "../offline/remembering-client";

const LOCAL_CONVEX_URL = "http://127.0.0.1:3210";

/** What the frame of the workspace shows, also without a connection. */
const LISTS = [
  api.users.me,
  api.workspaces.list,
  api.tree.workspace,
  api.tree.mine,
  api.tree.inside,
  api.tree.shared,
  api.shortcuts.favourites,
  api.shortcuts.recents,
];

/** The one connection to Convex of this page. */
export const convex = new RememberingClient(import.meta.env.VITE_CONVEX_URL ?? LOCAL_CONVEX_URL, LISTS);

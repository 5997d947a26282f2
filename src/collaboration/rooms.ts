import { RoomRegistry } from "./room-registry";
import type { RoomSession } from "./room-session";
import { guardUnload } from "./unload-guard";

/** The rooms that this page is in. Apart from what opens them: the shell asks it before anybody signs out. */
export const rooms = new RoomRegistry<RoomSession>();

guardUnload(rooms, window);

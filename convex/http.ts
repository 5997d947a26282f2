import { httpRouter } from "convex/server";
import { ACCESS_PATH } from "../protocol/access";
import { BACKUP_PATH, ROOMS_PATH } from "../protocol/backup";
import { auth } from "./auth";
import { decideAccess } from "./collaboration";
import { listRooms } from "./rooms";
import { fetchSnapshot, storeSnapshot } from "./snapshots";

const http = httpRouter();

// The library's own: public keys of sessions, for whoever asks.
auth.addHttpRoutes(http);
// For servers only: see servers.ts.
http.route({ path: ACCESS_PATH, method: "POST", handler: decideAccess });
http.route({ path: BACKUP_PATH, method: "POST", handler: storeSnapshot });
http.route({ path: BACKUP_PATH, method: "GET", handler: fetchSnapshot });
http.route({ path: ROOMS_PATH, method: "GET", handler: listRooms });

export default http;

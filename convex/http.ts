import { httpRouter } from "convex/server";
import { ACCESS_PATH } from "../protocol/access";
import { auth } from "./auth";
import { decideAccess } from "./collaboration";

const http = httpRouter();

auth.addHttpRoutes(http);
http.route({ path: ACCESS_PATH, method: "POST", handler: decideAccess });

export default http;

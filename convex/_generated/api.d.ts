/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as access from "../access.js";
import type * as auth from "../auth.js";
import type * as collaboration from "../collaboration.js";
import type * as diagrams from "../diagrams.js";
import type * as documents from "../documents.js";
import type * as errors from "../errors.js";
import type * as http from "../http.js";
import type * as rooms from "../rooms.js";
import type * as servers from "../servers.js";
import type * as sharing from "../sharing.js";
import type * as snapshots from "../snapshots.js";
import type * as text from "../text.js";
import type * as throwaway from "../throwaway.js";
import type * as token from "../token.js";
import type * as users from "../users.js";
import type * as validators from "../validators.js";
import type * as visible from "../visible.js";
import type * as workspaces from "../workspaces.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  access: typeof access;
  auth: typeof auth;
  collaboration: typeof collaboration;
  diagrams: typeof diagrams;
  documents: typeof documents;
  errors: typeof errors;
  http: typeof http;
  rooms: typeof rooms;
  servers: typeof servers;
  sharing: typeof sharing;
  snapshots: typeof snapshots;
  text: typeof text;
  throwaway: typeof throwaway;
  token: typeof token;
  users: typeof users;
  validators: typeof validators;
  visible: typeof visible;
  workspaces: typeof workspaces;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

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
import type * as burials from "../burials.js";
import type * as collaboration from "../collaboration.js";
import type * as crons from "../crons.js";
import type * as diagrams from "../diagrams.js";
import type * as documents from "../documents.js";
import type * as duplicating from "../duplicating.js";
import type * as errors from "../errors.js";
import type * as examples from "../examples.js";
import type * as http from "../http.js";
import type * as invitations from "../invitations.js";
import type * as links from "../links.js";
import type * as moving from "../moving.js";
import type * as pages from "../pages.js";
import type * as people from "../people.js";
import type * as placement from "../placement.js";
import type * as rank from "../rank.js";
import type * as removal from "../removal.js";
import type * as resources from "../resources.js";
import type * as room_door from "../room_door.js";
import type * as rooms from "../rooms.js";
import type * as secrets from "../secrets.js";
import type * as servers from "../servers.js";
import type * as sharing from "../sharing.js";
import type * as shortcuts from "../shortcuts.js";
import type * as snapshots from "../snapshots.js";
import type * as text from "../text.js";
import type * as throwaway from "../throwaway.js";
import type * as token from "../token.js";
import type * as trash from "../trash.js";
import type * as trash_lists from "../trash_lists.js";
import type * as tree from "../tree.js";
import type * as users from "../users.js";
import type * as validators from "../validators.js";
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
  burials: typeof burials;
  collaboration: typeof collaboration;
  crons: typeof crons;
  diagrams: typeof diagrams;
  documents: typeof documents;
  duplicating: typeof duplicating;
  errors: typeof errors;
  examples: typeof examples;
  http: typeof http;
  invitations: typeof invitations;
  links: typeof links;
  moving: typeof moving;
  pages: typeof pages;
  people: typeof people;
  placement: typeof placement;
  rank: typeof rank;
  removal: typeof removal;
  resources: typeof resources;
  room_door: typeof room_door;
  rooms: typeof rooms;
  secrets: typeof secrets;
  servers: typeof servers;
  sharing: typeof sharing;
  shortcuts: typeof shortcuts;
  snapshots: typeof snapshots;
  text: typeof text;
  throwaway: typeof throwaway;
  token: typeof token;
  trash: typeof trash;
  trash_lists: typeof trash_lists;
  tree: typeof tree;
  users: typeof users;
  validators: typeof validators;
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

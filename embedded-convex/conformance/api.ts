/** The functions of this folder, typed as `_generated/api` would type them. */
import { anyApi, type ApiFromModules, type FilterApi, type FunctionReference } from "convex/server";
import type * as calls from "./convex/calls";
import type * as counters from "./convex/counters";
import type * as errors from "./convex/errors";
import type * as files from "./convex/files";
import type * as identity from "./convex/identity";
import type * as later from "./convex/later";
import type * as limits from "./convex/limits";
import type * as messages from "./convex/messages";
import type * as pairs from "./convex/pairs";
import type * as refused from "./convex/refused";
import type * as values from "./convex/values";

type Modules = ApiFromModules<{
  calls: typeof calls;
  counters: typeof counters;
  errors: typeof errors;
  files: typeof files;
  identity: typeof identity;
  later: typeof later;
  limits: typeof limits;
  messages: typeof messages;
  pairs: typeof pairs;
  refused: typeof refused;
  values: typeof values;
}>;

export const api = anyApi as unknown as FilterApi<
  Modules,
  FunctionReference<"query" | "mutation" | "action">
>;

/** What functions call on each other and on the server: nested calls, the scheduler, identity, metadata. */
import { jsonToConvex, type JSONValue } from "convex/values";
import { z } from "zod";
import { addJob, cancelJob } from "../scheduled_functions";
import type { Transaction } from "../store/transaction";
import {
  MAX_BYTES_READ,
  MAX_BYTES_WRITTEN,
  MAX_DATABASE_QUERIES,
  MAX_DOCUMENTS_READ,
  MAX_DOCUMENTS_WRITTEN,
  MAX_FUNCTIONS_SCHEDULED,
} from "../values/limits";
import { unsupported } from "../values/unsupported";
import type { Execution, FunctionKind } from "./execution";
import { findFunction } from "./invoke";
import type { FunctionSet } from "./function_set";
import { syscall, transactionOf, type AsyncSyscalls, type SyncSyscalls } from "./syscall";

export interface CallHost {
  functions(): FunctionSet;
  write<T>(body: (transaction: Transaction) => T): Promise<T>;
  /** A call that an action makes: a transaction or an action of its own. Returns Convex JSON text. */
  callFromAction(
    execution: Execution,
    kind: "query" | "mutation" | "action",
    path: string,
    args: JSONValue,
  ): Promise<string>;
  /** A call that a query or mutation makes, inside its transaction. */
  callInTransaction(
    execution: Execution,
    kind: "query" | "mutation",
    path: string,
    args: JSONValue,
  ): Promise<string>;
}

const HANDLE_PREFIX = "function://;";

const json = z.custom<JSONValue>((value) => value !== undefined);
const Address = z.object({
  name: z.string().optional(),
  functionHandle: z.string().optional(),
  reference: z.string().optional(),
});
const Call = Address.extend({ args: json });
const Schedule = Call.extend({ ts: z.number() });
const Cancel = z.object({ id: z.string() });

export function callSyscalls(host: CallHost): { sync: SyncSyscalls; async: AsyncSyscalls } {
  const fromAction = (kind: "query" | "mutation" | "action") =>
    syscall(Call, (execution, call) => host.callFromAction(execution, kind, pathOf(call), call.args));

  function add(transaction: Transaction, { ts, args, ...address }: z.infer<typeof Schedule>): string {
    const definition = findFunction(host.functions(), pathOf(address), "any", "all");
    if (definition.kind === "query") {
      throw new Error(`Cannot schedule ${definition.path}: only mutations and actions can be scheduled.`);
    }
    jsonToConvex(args);
    return JSON.stringify(addJob(transaction, definition.path, args, ts * 1000));
  }

  const async: AsyncSyscalls = {
    "1.0/runUdf": syscall(
      Call.extend({
        udfType: z.enum(["query", "mutation", "snapshotQuery"]),
        transactionLimits: json.optional(),
      }),
      (execution, call) => {
        if (call.transactionLimits !== undefined) throw unsupported("`transactionLimits` of nested calls");
        if (call.udfType === "snapshotQuery") throw unsupported("`useStaleSnapshot`");
        return host.callInTransaction(execution, call.udfType, pathOf(call), call.args);
      },
    ),
    "1.0/actions/query": fromAction("query"),
    "1.0/actions/mutation": fromAction("mutation"),
    "1.0/actions/action": fromAction("action"),
    "1.0/schedule": syscall(Schedule, (execution, call) => add(transactionOf(execution, "scheduler"), call)),
    "1.0/actions/schedule": syscall(Schedule, (_execution, call) => host.write((own) => add(own, call))),
    "1.0/cancel_job": syscall(Cancel, (execution, { id }) => {
      cancelJob(transactionOf(execution, "scheduler"), id, Date.now());
      return "null";
    }),
    "1.0/actions/cancel_job": syscall(Cancel, async (_execution, { id }) => {
      await host.write((own) => cancelJob(own, id, Date.now()));
      return "null";
    }),
    "1.0/getUserIdentity": syscall(z.object({}), ({ caller }) =>
      JSON.stringify(caller.identity?.attributes ?? null),
    ),
    "1.0/createFunctionHandle": syscall(Address, (_execution, address) => {
      const definition = findFunction(host.functions(), pathOf(address), "any", "all");
      return JSON.stringify(`${HANDLE_PREFIX}${definition.path}`);
    }),
    "1.0/getFunctionMetadata": syscall(z.object({}), ({ path }) =>
      JSON.stringify({ name: path, componentPath: "" }),
    ),
    "1.0/getDeploymentMetadata": syscall(z.object({}), () =>
      JSON.stringify({ name: "local-embedded", region: null, class: "s16" }),
    ),
    "1.0/getRequestMetadata": syscall(z.object({}), ({ caller: { request } }) =>
      JSON.stringify({
        ip: request.ip,
        userAgent: request.userAgent,
        requestId: request.id,
        scheduledFunctionId: request.scheduledFunctionId,
        authToken: request.authToken,
      }),
    ),
    "1.0/getTransactionMetrics": syscall(z.object({}), (execution) =>
      JSON.stringify(metricsOf(transactionOf(execution, "getTransactionMetrics"))),
    ),
    "1.0/actions/vectorSearch": syscall(z.object({}), () => {
      throw unsupported("vector search");
    }),
    "1.0/signJwt": syscall(z.object({}), () => {
      throw unsupported("ctx.auth.signJwt");
    }),
  };
  const sync: SyncSyscalls = {
    "1.0/getSnapshotTs": syscall(z.object({}), (execution) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(transactionOf(execution, "getSnapshotTs").snapshot);
      return JSON.stringify({ $integer: bytes.toString("base64") });
    }),
  };
  return { sync, async };
}

/** What an execution that another one starts takes over, and what it has for itself. */
export function childOf(
  parent: Execution,
  kind: FunctionKind,
  path: string,
  transaction: Transaction | null,
): Execution {
  return {
    kind,
    path,
    transaction,
    caller: parent.caller,
    log: parent.log.of(kind, path),
    journal: { previous: null, current: null },
    parent,
    startedAt: transaction === null ? Date.now() : parent.startedAt,
    streams: new Map(),
    nextStream: 0,
    nested: Promise.resolve(),
    ended: false,
  };
}

function pathOf({ name, functionHandle, reference }: z.infer<typeof Address>): string {
  if (name !== undefined) return name;
  if (functionHandle?.startsWith(HANDLE_PREFIX)) return functionHandle.slice(HANDLE_PREFIX.length);
  if (reference?.startsWith("_reference/childComponent/")) throw unsupported("components");
  throw new Error(`Not a function of this deployment: ${functionHandle ?? reference ?? "(no name)"}`);
}

function metricsOf({ usage }: Transaction) {
  const metric = (used: number, limit: number) => ({ used, remaining: Math.max(0, limit - used) });
  return {
    bytesRead: metric(usage.bytesRead, MAX_BYTES_READ),
    bytesWritten: metric(usage.bytesWritten, MAX_BYTES_WRITTEN),
    databaseQueries: metric(usage.databaseQueries, MAX_DATABASE_QUERIES),
    documentsRead: metric(usage.documentsRead, MAX_DOCUMENTS_READ),
    documentsWritten: metric(usage.documentsWritten, MAX_DOCUMENTS_WRITTEN),
    functionsScheduled: metric(usage.functionsScheduled, MAX_FUNCTIONS_SCHEDULED),
  };
}

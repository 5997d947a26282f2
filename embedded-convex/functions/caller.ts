/** Who calls a function: a client, with its request, or this server itself. */
import { randomUUID } from "node:crypto";
import type { Identity } from "../auth/identity";

/** What the function may know of the request; shared by all that one request runs. */
export interface RequestInfo {
  /** What it is known by in logs and errors. */
  id: string;
  ip: string | null;
  userAgent: string | null;
  scheduledFunctionId: string | null;
  /** The raw JWT, when the request had one. */
  authToken: string | null;
}

export interface Caller {
  identity: Identity | null;
  request: RequestInfo;
}

/** A client, by one request of it. */
export function clientCaller(
  identity: Identity | null,
  { ip, userAgent }: { ip: string | null; userAgent: string | null },
): Caller {
  const request = { id: newRequestId(), ip, userAgent, scheduledFunctionId: null };
  return { identity, request: { ...request, authToken: identity?.token ?? null } };
}

/** The scheduler or a cron job: nobody's request, so nobody's identity. */
export function systemCaller(scheduledFunctionId: string | null = null): Caller {
  const request = { id: newRequestId(), ip: null, userAgent: null, scheduledFunctionId, authToken: null };
  return { identity: null, request };
}

function newRequestId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}

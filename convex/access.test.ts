// @vitest-environment edge-runtime
import { describe, expect, it } from "vitest";
import { ROLES, type Role } from "../protocol/roles";
import { RESOURCE_KINDS } from "../protocol/rooms";
import { api } from "./_generated/api";
import { accessTo, type Access } from "./access";
import { deployment, person, type Deployment, type Person } from "./people.fixture";
import { resourceKind, role as roleValidator } from "./validators";

/**
 * The whole matrix for somebody in the workspace. Row: the role that they were given by name. Column: the role
 * that the resource gives to its workspace. Outside of the workspace only the first column counts.
 */
const COLUMNS = [null, "viewer", "commenter", "editor", "owner"] as const;
const MATRIX: [named: Role | null, ...granted: (Role | null)[]][] = [
  [null, /*    */ null, "viewer", "commenter", "editor", "owner"],
  ["viewer", /* */ "viewer", "viewer", "commenter", "editor", "owner"],
  ["commenter", "commenter", "commenter", "commenter", "editor", "owner"],
  ["editor", /* */ "editor", "editor", "editor", "editor", "owner"],
  ["owner", /*  */ "owner", "owner", "owner", "owner", "owner"],
];

const CELLS = MATRIX.flatMap(([named, ...granted]) =>
  COLUMNS.flatMap((workspaceRole, column) =>
    (["outside", "member", "admin"] as const).map((standing) => ({
      named,
      workspaceRole,
      standing,
      expected: (standing === "outside" ? granted[0] : granted[column]) ?? null,
    })),
  ),
);
type Cell = (typeof CELLS)[number];

/** A document, a diagram by itself and a diagram in the document, all with the same sharing. */
async function arrange(t: Deployment, { userId }: Person, { named, workspaceRole, standing }: Cell) {
  return t.run(async (ctx) => {
    const workspaceId = await ctx.db.insert("workspaces", { name: "Team", personalOf: null });
    if (standing !== "outside") {
      await ctx.db.insert("workspaceMembers", { workspaceId, userId, role: standing });
    }
    const documentId = await ctx.db.insert("documents", { title: "D", workspaceId, workspaceRole });
    const diagramId = await ctx.db.insert("diagrams", {
      title: "G",
      workspaceId,
      workspaceRole,
      documentId: null,
    });
    const innerId = await ctx.db.insert("diagrams", {
      title: "I",
      workspaceId,
      workspaceRole: null,
      documentId,
    });
    if (named !== null) {
      await ctx.db.insert("documentMembers", { documentId, userId, role: named });
      await ctx.db.insert("diagramMembers", { diagramId, userId, role: named });
    }
    return { workspaceId, documentId, diagramId, innerId };
  });
}

const roleOf = (access: Access<unknown>) => (access.kind === "granted" ? access.role : access.kind);

describe("the access function", () => {
  it.each(CELLS)(
    "by name $named, workspace role $workspaceRole, $standing → $expected, for lists alike",
    async (cell) => {
      const t = deployment();
      const ann = await person(t, "Ann");
      const { documentId, diagramId, innerId } = await arrange(t, ann, cell);

      const roles = await t.run(async (ctx) => ({
        document: roleOf(await accessTo(ctx, ann.userId, "doc", documentId)),
        diagram: roleOf(await accessTo(ctx, ann.userId, "diagram", diagramId)),
        inner: roleOf(await accessTo(ctx, ann.userId, "diagram", innerId)),
      }));
      const expected = cell.expected ?? "denied";
      expect(roles).toEqual({ document: expected, diagram: expected, inner: expected });

      const shared = cell.standing === "outside";
      const documents = await ann.client.query(api.documents.list, {});
      expect(documents.map((row) => [row.documentId, row.role, row.shared])).toEqual(
        cell.expected === null ? [] : [[documentId, cell.expected, shared]],
      );
      const diagrams = await ann.client.query(api.diagrams.list, {});
      expect(diagrams.map((row) => [row.diagramId, row.role, row.shared])).toEqual(
        cell.expected === null
          ? []
          : [
              [innerId, cell.expected, shared],
              [diagramId, cell.expected, shared],
            ],
      );
    },
  );

  it("covers every role on both sides", () => {
    expect(MATRIX.map(([named]) => named)).toEqual([null, ...ROLES]);
    expect(COLUMNS).toEqual([null, ...ROLES]);
  });

  it("tells an id that nothing has from one that nothing can have", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const gone = await t.run(async (ctx) => {
      const workspaceId = await ctx.db.insert("workspaces", { name: "Team", personalOf: null });
      const id = await ctx.db.insert("documents", { title: "D", workspaceId, workspaceRole: null });
      await ctx.db.delete(id);
      return id;
    });
    const ask = (kind: "doc" | "diagram", id: string) =>
      t.run(async (ctx) => roleOf(await accessTo(ctx, ann.userId, kind, id)));
    expect(await ask("doc", gone)).toBe("missing");
    expect(await ask("diagram", gone)).toBe("malformed");
    expect(await ask("doc", ann.userId)).toBe("malformed");
    expect(await ask("doc", "")).toBe("malformed");
  });

  it("ignores what a diagram in a document says itself, and ends with the document", async () => {
    const t = deployment();
    const ann = await person(t, "Ann");
    const { documentId, innerId } = await arrange(t, ann, {
      named: null,
      workspaceRole: null,
      standing: "admin",
      expected: null,
    });
    await t.run(async (ctx) => {
      await ctx.db.patch(innerId, { workspaceRole: "owner" });
      await ctx.db.insert("diagramMembers", { diagramId: innerId, userId: ann.userId, role: "owner" });
    });
    const ask = () => t.run(async (ctx) => roleOf(await accessTo(ctx, ann.userId, "diagram", innerId)));
    expect(await ask()).toBe("denied");
    await t.run((ctx) => ctx.db.delete(documentId));
    expect(await ask()).toBe("missing");
  });
});

describe("the validators", () => {
  it("name what the protocol names", () => {
    expect(roleValidator.members.map(({ value }) => value)).toEqual(ROLES);
    expect(resourceKind.members.map(({ value }) => value)).toEqual(RESOURCE_KINDS);
  });
});

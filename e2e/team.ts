/** Two people in one workspace. */
import type { Page } from "@playwright/test";
import { api } from "../convex/_generated/api";
import type { Stack } from "../scripts/stack";
import { expect } from "./fixtures";
import { createPerson, type Person } from "./people";

const WORKSPACE = "Engines";

export const sidebarOf = (page: Page) => page.getByRole("navigation", { name: "Workspace" });

/** A workspace of Ada's, `Engines`, with Bert in it. */
export async function createTeam(stack: Stack) {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const workspaceId = await ada.convex.mutation(api.workspaces.create, { name: WORKSPACE });
  const invitation = { workspaceId, email: bert.email, role: "member", days: 1 } as const;
  const token = await ada.convex.mutation(api.invitations.create, invitation);
  await bert.convex.mutation(api.invitations.accept, { token });
  const make = (title: string, by: Person = ada) =>
    by.convex.mutation(api.documents.create, { title, workspaceId });
  return { ada, bert, workspaceId, make };
}

/** Switches to another workspace. */
export async function enter(page: Page, workspace: string): Promise<void> {
  await page.getByRole("button", { name: "Switch workspace" }).click();
  await page.getByRole("menuitem", { name: workspace }).click();
  await expect(sidebarOf(page).getByRole("heading", { name: workspace })).toBeVisible();
}

/** What the workflows promise: who may do what with which secret, in which order, and that two runs do not race. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const DIRECTORY = ".github/workflows";

const Step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env: z.record(z.string(), z.string()).optional(),
});

const Permissions = z.record(z.string(), z.enum(["read", "write", "none"]));

const Workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: Permissions,
  concurrency: z.strictObject({
    group: z.string(),
    "cancel-in-progress": z.boolean(),
    queue: z.enum(["single", "max"]).optional(),
  }),
  jobs: z.record(
    z.string(),
    z.strictObject({
      needs: z.string().optional(),
      if: z.string().optional(),
      outputs: z.record(z.string(), z.string()).optional(),
      "runs-on": z.literal("ubuntu-latest"),
      "timeout-minutes": z.number().max(60),
      permissions: Permissions.optional(),
      environment: z.union([z.string(), z.strictObject({ name: z.string(), url: z.string() })]).optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(Step).min(1),
    }),
  ),
});
type Workflow = z.infer<typeof Workflow>;

const read = (file: string): Workflow => Workflow.parse(parse(readFileSync(join(DIRECTORY, file), "utf8")));

function jobOf(file: string, name: string) {
  const job = read(file).jobs[name];
  if (job === undefined) throw new Error(`${file} has no job ${name}`);
  return job;
}

const commandsOf = (file: string, job: string) =>
  jobOf(file, job).steps.flatMap(({ run }) => (run === undefined ? [] : [run.trim()]));

describe.each(readdirSync(DIRECTORY))("%s", (file) => {
  const steps = Object.values(read(file).jobs).flatMap((job) => job.steps);

  it("uses other people's actions only as they were at a certain commit", () => {
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
  });

  it("leaves no token of the repository behind for later steps", () => {
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
    }
  });

  it("puts nothing from outside into a script", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  it("hands a secret to the step that needs it, not to a job", () => {
    for (const { env } of Object.values(read(file).jobs))
      expect(JSON.stringify(env ?? {})).not.toContain("secrets.");
    for (const { run, env } of steps) {
      if (JSON.stringify(env ?? {}).includes("secrets."))
        expect(run).toMatch(
          /^(npm run deploy|npx convex deploy|npx vitest run embedded-convex\/conformance)\b/,
        );
    }
  });

  it("may write nothing unless a job says so", () => {
    expect(Object.values(read(file).permissions)).not.toContain("write");
  });

  it("runs nobody's branch where it is started by an event that comes with the repository's secrets", () => {
    if (!("pull_request_target" in read(file).on)) return;
    expect(read(file).on).toEqual({ pull_request_target: { types: ["closed"] } });
    for (const { uses, with: options } of steps) {
      if (uses?.startsWith("actions/checkout@")) expect(options).toEqual({ "persist-credentials": false });
    }
    expect(JSON.stringify(steps)).not.toMatch(/pull_request\.head|head_ref|refs\/pull|gh pr checkout/);
  });
});

describe("the conformance suite against a real deployment", () => {
  it("runs on main only, where there is a deployment", () => {
    expect(jobOf("ci.yml", "conformance").if).toBe(
      "github.event_name == 'push' && vars.CONFORMANCE_URL != ''",
    );
  });

  it("deploys its own functions and runs the whole suite", () => {
    expect(commandsOf("ci.yml", "conformance").map((command) => command.split(" -")[0])).toEqual([
      "npm ci",
      expect.stringContaining("embedded-convex/conformance/convex/"),
      "npx convex deploy",
      "npx vitest run embedded-convex/conformance",
    ]);
  });
});

describe("deploying to production", () => {
  it("follows the tests of main, or somebody's order", () => {
    const { on } = read("deploy.yml");
    expect(Object.keys(on).sort()).toEqual(["workflow_dispatch", "workflow_run"]);
    expect(on.workflow_run).toEqual({ workflows: ["CI"], branches: ["main"], types: ["completed"] });
    expect(read("ci.yml").name).toBe("CI");
    const { if: condition } = jobOf("deploy.yml", "choose");
    expect(condition).toContain("workflow_run.conclusion == 'success' &&");
    expect(condition).toContain("workflow_run.event == 'push' &&");
    expect(condition).toContain("workflow_run.head_repository.full_name == github.repository");
  });

  it("chooses a commit that main has, and by itself only its newest", () => {
    const { steps, outputs } = jobOf("deploy.yml", "choose");
    expect(steps[0]?.with?.ref).toBe("${{ inputs.commit || github.event.workflow_run.head_sha }}");
    const [choice = ""] = commandsOf("deploy.yml", "choose");
    expect(choice).toMatch(/^git merge-base --is-ancestor HEAD origin\/main$/m);
    expect(choice).toMatch(
      /"\$BY_HAND" = false .* "\$\(git rev-parse HEAD\)" != "\$\(git rev-parse origin\/main\)"/,
    );
    expect(steps[1]?.env?.BY_HAND).toBe("${{ github.event_name == 'workflow_dispatch' }}");
    expect(outputs).toEqual({ commit: "${{ steps.only.outputs.commit }}" });
    expect(JSON.stringify(steps)).not.toContain("secrets.");
  });

  it("deploys that commit, waits for the rooms and the page, and tries the deployment out", () => {
    const { steps, needs, if: condition } = jobOf("deploy.yml", "production");
    expect([needs, condition]).toEqual(["choose", "needs.choose.outputs.commit != ''"]);
    expect(steps[0]?.with?.ref).toBe("${{ needs.choose.outputs.commit }}");
    const commands = commandsOf("deploy.yml", "production");
    expect(commands.map((command) => command.split(/ -| address/)[0])).toEqual([
      "npm ci",
      "npm run deploy",
      "for",
      "npm run smoke",
    ]);
    expect(commands[2]).toContain('"https://$PARTYKIT_DOMAIN/health" "$SITE_URL/deployment.json"');
  });

  it("never runs twice at once, is not cut off in the middle, and forgets nobody who waits", () => {
    expect(read("deploy.yml").concurrency).toEqual({
      group: "deploy-production",
      "cancel-in-progress": false,
      queue: "max",
    });
  });

  it("reads its secrets from the production environment", () => {
    expect(jobOf("deploy.yml", "production").environment).toMatchObject({ name: "production" });
  });
});

describe("a pull request's preview", () => {
  it.each([
    ["preview.yml", "deploy"],
    ["preview-delete.yml", "delete"],
  ])("in %s does not %s for a fork", (file, name) => {
    const { if: condition, environment } = jobOf(file, name);
    expect(condition).toMatch(/^github.event.pull_request.head.repo.full_name == github.repository( &&|$)/);
    expect(typeof environment === "object" ? environment.name : environment).toBe("preview");
  });

  it("is deployed, tried out and announced", () => {
    expect(commandsOf("preview.yml", "deploy").map((command) => command.split(/ -| address/)[0])).toEqual([
      "npm ci",
      "npm run deploy",
      "for",
      "npm run smoke",
      'gh pr comment "$NUMBER"',
    ]);
    expect(commandsOf("preview.yml", "deploy")).toContain('npm run deploy -- --preview "$NAME"');
    expect(commandsOf("preview.yml", "deploy")[2]).toContain(
      '"https://$NAME.$PARTYKIT_DOMAIN/health" "$PAGE/deployment.json"',
    );
    expect(jobOf("preview.yml", "deploy").env?.NAME).toBe("pr-${{ github.event.pull_request.number }}");
    expect(jobOf("preview.yml", "deploy").permissions).toEqual({
      contents: "read",
      "pull-requests": "write",
    });
  });

  it("is deleted when the pull request closes, also in conflict with its base, and by Dependabot", () => {
    expect(read("preview.yml").on.pull_request).toEqual({ types: ["opened", "reopened", "synchronize"] });
    expect(read("preview-delete.yml").on).toEqual({ pull_request_target: { types: ["closed"] } });
    expect(jobOf("preview-delete.yml", "delete").if).not.toContain("actor");
    expect(commandsOf("preview-delete.yml", "delete")).toEqual([
      "npm ci",
      'npm run deploy -- --preview "pr-$NUMBER" --delete',
    ]);
    expect(jobOf("preview-delete.yml", "delete").permissions).toEqual({ contents: "read" });
  });

  it("has no production secret, and its deletion no key to deploy", () => {
    const secrets = (file: string, job: string) =>
      [...JSON.stringify(jobOf(file, job)).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name).sort();
    expect(secrets("preview.yml", "deploy")).toEqual([
      "CLOUDFLARE_API_TOKEN",
      "CONVEX_DEPLOY_KEY",
      "PARTYKIT_TOKEN",
    ]);
    expect(secrets("preview-delete.yml", "delete")).toEqual([
      "CLOUDFLARE_API_TOKEN",
      "CONVEX_MANAGEMENT_TOKEN",
      "PARTYKIT_TOKEN",
    ]);
  });

  it.each(["preview.yml", "preview-delete.yml"])(
    "in %s waits for what is under way with the same",
    (file) => {
      expect(read(file).concurrency).toEqual({
        group: "preview-${{ github.event.pull_request.number }}",
        "cancel-in-progress": false,
      });
    },
  );
});

/** Where the parts of a deployment are, and whether each answers at all. */
import { z } from "zod";
import { Fault, reasonOf } from "./fault";

const ANSWER_TIMEOUT_MS = 10_000;

export interface Addresses {
  pageUrl: string;
  convexUrl: string;
  /** `rooms.example.com`, with a port where it has one. */
  partykitHost: string;
}

/** What `deploy:frontend` puts beside the page as `deployment.json`. */
const Deployment = z.object({ convexUrl: z.url(), partykitHost: z.string().min(1) });

export interface Given {
  url: string;
  convexUrl?: string | undefined;
  partykitHost?: string | undefined;
}

/** The page says where its servers are, unless both are given. */
export async function findAddresses({ url, convexUrl, partykitHost }: Given): Promise<Addresses> {
  const pageUrl = url.replace(/\/$/, "");
  await checkPage(pageUrl);
  if (convexUrl !== undefined && partykitHost !== undefined) return { pageUrl, convexUrl, partykitHost };

  const response = await request("The page", `${pageUrl}/deployment.json`);
  const text = await response.text();
  // A page that was not deployed by `deploy:frontend` answers with itself.
  const found = Deployment.safeParse(text.startsWith("{") ? JSON.parse(text) : null);
  if (!found.success) {
    throw new Fault(
      `The page at ${pageUrl} does not say where its servers are (deployment.json). Give --convex-url and --partykit-host.`,
    );
  }
  return {
    pageUrl,
    convexUrl: convexUrl ?? found.data.convexUrl,
    partykitHost: partykitHost ?? found.data.partykitHost,
  };
}

async function checkPage(pageUrl: string): Promise<void> {
  const response = await request("The page", pageUrl);
  const text = await response.text();
  if (!response.ok) throw new Fault(`The page at ${pageUrl} answers with status ${response.status}.`);
  if (!text.includes('id="root"')) throw new Fault(`What is at ${pageUrl} is not Ripple's page.`);
}

export async function checkConvex({ convexUrl }: Addresses): Promise<void> {
  const response = await request("Convex", `${convexUrl}/version`);
  await response.arrayBuffer();
  if (!response.ok) throw new Fault(`Convex at ${convexUrl} answers with status ${response.status}.`);
}

const Health = z.object({
  status: z.string(),
  missing: z.array(z.string()).default([]),
  tooShort: z.array(z.string()).default([]),
});

export async function checkPartyKit({ partykitHost }: Addresses): Promise<void> {
  const url = `${isLocal(partykitHost) ? "http" : "https"}://${partykitHost}/health`;
  const response = await request("PartyKit", url);
  const text = await response.text();
  const health = Health.safeParse(text.startsWith("{") ? JSON.parse(text) : null);
  if (health.success && health.data.missing.length > 0) {
    throw new Fault(`PartyKit was deployed without ${health.data.missing.join(", ")}. Deploy it again.`);
  }
  if (health.success && health.data.tooShort.length > 0) {
    throw new Fault(
      `PartyKit was deployed with too short a ${health.data.tooShort.join(", ")}: nobody gets in.`,
    );
  }
  if (!response.ok) throw new Fault(`PartyKit's ${url} answers with status ${response.status}.`);
}

/** As `YPartyKitProvider` decides between a plain and an encrypted connection. */
export function isLocal(host: string): boolean {
  return /^(localhost|127\.0\.0\.1)(:|$)/.test(host);
}

async function request(what: string, url: string): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  } catch (error) {
    throw new Fault(`${what} does not answer at ${url}: ${reasonOf(error)}.`);
  }
}

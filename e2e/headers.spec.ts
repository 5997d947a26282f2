/** The page under the headers that `deploy:frontend` gives it: everything works, and the browser has refused nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { api } from "../convex/_generated/api";
import { securityHeaders } from "../scripts/deploy/headers";
import type { Stack } from "../scripts/stack";
import { closeAll, editorOf, expectSameText, openBrowserOf, openDocument } from "./browser";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

/** Excalidraw names a CDN as each font's second source. The first is the page itself; nobody shall ask the second. */
const CDN_FONT = /^Loading the font 'https:\/\/esm\.sh\/@excalidraw\//;

/** The stack's page with the headers of production. A server, since a browser trusts no answer that a test makes up. */
async function serveWithHeaders(stack: Stack): Promise<{ url: string; close: () => void }> {
  const headers = securityHeaders({ convexUrl: stack.convexUrl, partykitHost: stack.partykitHost });
  const server = createServer((request, response) => {
    void fetch(`${stack.pageUrl}${request.url ?? "/"}`, {
      headers: { accept: request.headers.accept ?? "*/*" },
    }).then(async (original) => {
      const type = original.headers.get("content-type") ?? "application/octet-stream";
      response.writeHead(original.status, { ...headers, "content-type": type });
      response.end(Buffer.from(await original.arrayBuffer()));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("documents and diagrams work under the content security policy of production", async ({
  browser,
  stack,
}) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Under policy" });
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Under policy" });
  const served = await serveWithHeaders(stack);
  const page = await openBrowserOf(browser, { ...stack, pageUrl: served.url }, ada);
  const refused: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy/i.test(text) && !CDN_FONT.test(text)) refused.push(text);
  });

  await openDocument(page, documentId);
  await editorOf(page).click();
  await page.keyboard.type("written under a policy");
  await expectSameText([page], ["written under a policy"]);

  await page.goto(`/g/${diagramId}`);
  const canvas = page.locator("canvas.interactive");
  await expect(canvas).toBeVisible();
  await page.keyboard.press("r");
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the canvas is not there");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 80, { steps: 5 });
  await page.mouse.up();

  const font = await page.evaluate(async () => {
    const faces = await document.fonts.load("20px Excalifont", "text");
    return faces.map(({ status }) => status);
  });
  expect(font).toContain("loaded");

  // Proof that the policy was in force: something that it forbids is refused, and this test would have heard of it.
  expect(refused).toEqual([]);
  const wasRefused = await page.evaluate(() => {
    const violation = new Promise<string>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => {
        resolve(event.effectiveDirective);
      });
    });
    const script = document.createElement("script");
    script.textContent = "document.title = 'evil'";
    document.body.append(script);
    return violation;
  });
  expect(wasRefused).toBe("script-src-elem");
  await expect.poll(() => refused.length).toBe(1);
  await closeAll(page.context());
  served.close();
});

/** The page under the headers that `deploy:frontend` gives it: everything works, and the browser has refused nothing. */
import { api } from "../convex/_generated/api";
import { closeAll, expectSameText, openBrowserOf, openDocument, typeAtEnd } from "./browser";
import { expect } from "./fixtures";
import { createPerson } from "./people";
import { test } from "./production";

test("documents and diagrams work under the content security policy of production", async ({
  browser,
  stack,
  production,
}) => {
  const ada = await createPerson(stack, "Ada");
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Under policy" });
  const diagramId = await ada.convex.mutation(api.diagrams.create, { title: "Under policy" });
  const page = await openBrowserOf(browser, { ...stack, pageUrl: production.url }, ada);
  const refused: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (/content security policy/i.test(text)) refused.push(text);
  });

  await openDocument(page, documentId);
  await typeAtEnd(page, "written under a policy");
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
});

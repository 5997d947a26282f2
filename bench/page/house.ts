/** Everything that a figure of the page needs: the servers, the page built for production, a Chromium, and people. */
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type CDPSession,
  type Page,
} from "@playwright/test";
import { signIn } from "../../e2e/browser";
import type { Person } from "../../e2e/people";
import { Production } from "../../e2e/production";
import { ensureChromium } from "../../scripts/chromium";
import { startStack, type Stack } from "../../scripts/stack";
import { installProbe, type View } from "./probe";

export interface House {
  stack: Stack;
  production: Production;
  browser: Browser;
  close: () => Promise<void>;
}

export async function openHouse(): Promise<House> {
  const stack = await startStack();
  try {
    const production = await Production.build(stack);
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    const close = async () => {
      await browser.close();
      await production.dispose();
      await stack.stop();
    };
    return { stack, production, browser, close };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** A person at a page of their own, with all that a service worker keeps, as on every visit but the first. */
export interface Visit {
  page: Page;
  devtools: CDPSession;
  /** 4 makes the page's processor four times slower; 1 as fast as the machine. */
  slowDown: (rate: number) => Promise<void>;
  close: () => Promise<void>;
}

/** A finger presses without hovering first: nothing is fetched before the press that is measured. */
const DEVICE: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, hasTouch: true };

export async function visit(house: House, person: Person, views: Record<string, View> = {}): Promise<Visit> {
  const context = await house.browser.newContext({ ...DEVICE, baseURL: house.production.url });
  const page = await context.newPage();
  await installProbe(page, views);
  await signIn(page, person);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const devtools = await context.newCDPSession(page);
  return {
    page,
    devtools,
    slowDown: (rate) => devtools.send("Emulation.setCPUThrottlingRate", { rate }).then(() => undefined),
    close: () => context.close(),
  };
}

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { profileNames } from "../../environment";
import { render } from "../../tools/render/files";
import { renderProgram } from "../../tools/render/program";
import { compareAll } from "../../tools/review/compare";
import { reviewPage } from "../../tools/review/page";
import { attacks, hostile } from "./hostile";
import { everything } from "./everything";
import { read, small, type Small } from "./pair";
import { replays } from "./replays";

/**
 * The pages in a real browser, at both widths, light and dark: `npm run test:pages`. It needs a Chromium (Debian:
 * `apt-get install chromium`); CHROMIUM names another one. Screenshots go to build/review/pages, for people to look at.
 */

const root = join(__dirname, "..", "..");
const out = join(root, "build", "review", "pages");
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const widths = [390, 1280];
const schemes = ["light", "dark"];

/** Pages by name. */
async function pages(): Promise<Record<string, string>> {
  const all: Record<string, string> = {
    review: reviewOf(everything, "a"),
    hostile: reviewOf(hostile, attacks.join(" ")),
  };
  for (const name of profileNames) {
    const { files } = render(await renderProgram(root, name));
    all[`report-${name}`] = files["report.html"] ?? "";
  }
  return all;
}

/** @param text what names and labels of replayed alerts hold */
function reviewOf(change: (environment: Small) => void, text: string): string {
  const after = small();
  change(after);
  const state = (name: string, environment: Small) => ({
    name,
    commit: undefined,
    environments: new Map([["prod", read(environment)]]),
    failure: undefined,
    notes: [],
  });
  const [base, head] = [state("main", small()), state("head", after)];
  const reviews = compareAll(base.environments, head.environments);
  return reviewPage(
    base,
    head,
    reviews.map((review) => ({ ...review, replays: replays(text) })),
  );
}

/** What is wrong with a page as the browser shows it. */
async function faults(page: Page, address: string, width: number): Promise<string[]> {
  const found: string[] = [];
  page.on("console", (message) => found.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => found.push(`error: ${String(error)}`));
  page.on("dialog", (dialog) => {
    found.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) found.push(`asks for ${request.url()}`);
  });
  await page.goto(address, { waitUntil: "load", timeout: 20_000 });
  await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
  // As text: functions would be compiled with helpers that the page does not have.
  const wrong = (await page.evaluate(`(() => {
    const found = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > ${width}) found.push("wider than the window: " + wide);
    for (const each of document.querySelectorAll("svg")) {
      const names = (each.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
      if (names.length < 2 || names.some((name) => !name || !each.contains(name) || !name.textContent.trim()))
        found.push("a picture without text: " + each.outerHTML.slice(0, 80));
      if (each.getBoundingClientRect().width < 100) found.push("a picture too small to see");
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) found.push("twice the id " + id);
    for (const link of document.querySelectorAll("a"))
      if (!document.getElementById(link.getAttribute("href").slice(1))) found.push("a link to nowhere: " + link.outerHTML);
    if (document.querySelector("script, iframe, img, object, embed, form")) found.push("an element that has no place here");
    let last = 1;
    for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5")) {
      const level = Number(heading.tagName[1]);
      if (level > last + 1) found.push("a heading is left out before: " + heading.textContent.slice(0, 40));
      last = level;
    }
    for (const each of document.querySelectorAll("main *")) {
      const { overflowX } = getComputedStyle(each);
      const scrolls = ["auto", "scroll"].includes(overflowX) && each.scrollWidth > each.clientWidth + 1;
      if (scrolls && !each.closest("[tabindex]")) found.push("scrolls, but not by keyboard: " + each.outerHTML.slice(0, 80));
    }
    return found;
  })()`)) as string[];
  return [...found, ...wrong, ...(await contrast(page)), ...(await keyboard(page))];
}

/** Text that is hard to read on what is behind it: WCAG 2.2 asks for 4.5:1. */
async function contrast(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const parts = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const light = (color) => {
      const [r, g, b] = parts(color).map((each) => each / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (each) => {
      for (let at = each; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if ((parts(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
      }
      return "rgb(255,255,255)";
    };
    const found = new Set();
    for (const each of document.querySelectorAll("body :not(svg):not(svg *)")) {
      if (![...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
      const { color } = getComputedStyle(each);
      const [a, b] = [light(color), light(behind(each))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) found.add("contrast " + ratio.toFixed(1) + ": " + each.tagName + "." + each.className);
    }
    return [...found];
  })()`)) as string[];
}

/** The first stop of the keyboard leads to the content; every stop is seen; a closed part opens by key. */
async function keyboard(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate("window.scrollTo(0, 0); document.activeElement?.blur()");
  await page.keyboard.press("Tab");
  if ((await page.evaluate("document.activeElement.className")) !== "skip")
    found.push("Tab does not begin at the skip link");
  for (let stop = 0; stop < 8; stop += 1) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    if (outline === "none") found.push("a stop of the keyboard that can't be seen");
  }
  const opened = await page.evaluate(`(() => {
    const part = document.querySelector("main details");
    if (!part) return "none";
    part.open = false;
    part.querySelector("summary").focus();
    return "closed";
  })()`);
  if (opened === "closed") {
    await page.keyboard.press("Enter");
    const open = await page.evaluate("document.activeElement.closest('details').open");
    if (open !== true) found.push("Enter does not open what is closed");
  }
  return found;
}

async function look(browser: Browser, name: string, address: string): Promise<number> {
  let wrong = 0;
  for (const width of widths) {
    for (const scheme of schemes) {
      const page = await browser.newPage();
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const found = await faults(page, address, width);
      await page.goto(address);
      const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
      const clip = { x: 0, y: 0, width, height: Math.min(height, 3000) };
      await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), clip, captureBeyondViewport: true });
      await page.close();
      console.log(`${found.length === 0 ? "ok" : "FAILED"} ${name}, ${width} px, ${scheme}`);
      for (const each of found) console.log(`   ${each}`);
      wrong += found.length;
    }
  }
  return wrong;
}

async function main(): Promise<number> {
  const executablePath = process.env["CHROMIUM"] ?? browsers.find((path) => existsSync(path));
  if (executablePath === undefined) {
    console.error("there is no Chromium: apt-get install chromium, or set CHROMIUM to the path of one");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "review-pages-"));
  mkdirSync(out, { recursive: true });
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  let wrong = 0;
  try {
    for (const [name, text] of Object.entries(await pages())) {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, text);
      wrong += await look(browser, name, pathToFileURL(path).href);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  console.log(wrong === 0 ? `every page is as it should be; screenshots in ${out}` : `${wrong} faults`);
  return wrong === 0 ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));

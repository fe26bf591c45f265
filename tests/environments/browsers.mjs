// Browsers are only told to open an address: the pages report by themselves, so no driver has to fit the browser.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { webkitBrowser } from "../../toolchain.mjs";

const profiles = mkdtempSync(join(tmpdir(), "profiles-"));
process.on("exit", () => rmSync(profiles, { recursive: true, force: true, maxRetries: 5 }));
const freshProfile = () => mkdtempSync(join(profiles, "profile-"));

const quiet = ["--no-first-run", "--disable-background-networking", "--disable-gpu"];

export const chromium = {
  name: "Chromium",
  tools: ["browser"],
  version: () => versionIn("chromium", "--version"),
  command: (address) => ["chromium", "--headless", "--no-sandbox", ...quiet, `--user-data-dir=${freshProfile()}`, address],
};

export const firefox = {
  name: "Firefox",
  tools: ["firefox"],
  version: () => versionIn("firefox-esr", "--version"),
  command: (address) => ["firefox-esr", "--headless", "--no-remote", "--profile", freshProfile(), address],
};

export const webkit = {
  name: "WebKit (GTK)",
  tools: ["webkit"],
  version: () => versionIn("dpkg-query", "--show", "--showformat=${Version}", "libwebkit2gtk-4.1-0"),
  command: (address) => ["xvfb-run", "--auto-servernum", webkitBrowser(), "--private", address],
  // Its sandbox needs rights that a container does not have.
  env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
};

function versionIn(...command) {
  return /\d+(?:\.\d+)+/.exec(execFileSync(command[0], command.slice(1), { encoding: "utf8" }))[0];
}

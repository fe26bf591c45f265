/** Which API the page talks to: the one behind its server, or, where there is no server, a sandbox in the page itself. */

/** @returns {Promise<object>} facts for the person, `host`, and `fetch` and `accessToken` where the page has its own */
export async function findPlace() {
  const isAskedFor = new URLSearchParams(location.search).has("in-page");
  return (!isAskedFor && (await askServer())) || (await openInPage());
}

/** A static host answers 404, or with a page of its own. */
async function askServer() {
  const response = await fetch("/demo.json").catch(() => undefined);
  const facts = response?.ok ? await response.json().catch(() => undefined) : undefined;
  // No access token: the proxy of this origin adds it, so no page ever has it.
  return facts && { ...facts, host: "/te-api/v7", faults: remoteFaults };
}

const control = (method, body) =>
  fetch("/sandbox/faults", { method, ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });

const remoteFaults = { clear: () => control("DELETE"), add: (fault) => control("POST", fault) };

async function openInPage() {
  const { createSandbox } = await import("/pkg/sandbox/sandbox.mjs");
  const { fetch, faults, options } = createSandbox();
  return { mode: "sandbox", isInPage: true, host: `${location.origin}/v7`, fetch, accessToken: options.token, faults };
}

// What the tests of the proxy share: the packed package, an API that keeps what it was sent, and servers with the proxy in them.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after } from "node:test";

import { root } from "../../toolchain.mjs";
import { install } from "../package/support.mjs";

export const project = await install();
export const { createProxy, readOperations, toNodeHandler } = await project.import("thousandeyes-admin/proxy");
export const { operations } = JSON.parse(readFileSync(join(root, "www/sandbox/openapi/declared.json"), "utf8"));
export const writeOperations = operations.filter(({ method }) => method !== "GET").map(({ operationId }) => operationId);

export const token = "te-token-that-no-page-may-see";
export const origin = "https://portal.example";
export const basePath = "/te-api/v7";

/** What a browser says of a write that a page of the portal makes. */
export const ofPage = { origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };

/** Listens on a free port of this machine, until the tests of the file are done. */
export async function listen(handler) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/**
 * An API that keeps what it was sent, and lets `answer` answer; by default with an empty object. `ended` says how the requests
 * ended: "whole" or "broken off".
 */
export async function startApi(answer = (_request, response) => response.setHeader("content-type", "application/json").end("{}")) {
  const [sent, ended] = [[], []];
  const url = await listen(async (request, response) => {
    const { method, url, rawHeaders } = request;
    const call = { line: `${method} ${url}`, headers: Object.fromEntries(pairs(rawHeaders)), body: "" };
    sent.push(call);
    response.on("close", () => ended.push(response.writableFinished ? "whole" : "broken off"));
    for await (const part of request) call.body += part;
    answer(request, response);
  });
  return { host: `${url}/v7`, sent, ended };
}

const pairs = (list) => list.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), list[at + 1]]] : []));

/** A proxy before such an API, and what it was asked for; `options` replace the usual ones. */
export async function startProxy(options = {}, answer) {
  const api = await startApi(answer);
  const asked = [];
  const authorize = (_request, call) => {
    asked.push(call);
    return true;
  };
  const allow = [...readOperations, ...writeOperations];
  const proxy = createProxy({ origin, host: api.host, accessToken: token, allow, authorize, ...options });
  const ask = (path, init) => proxy(new Request(`${origin}${basePath}${path}`, init));
  return { ...api, asked, proxy, ask };
}

/** Sends bytes as they are, and gives all that comes back, once the other side has ended or `until` is in it. */
export async function raw(url, text, until) {
  const socket = connect(new URL(url).port, "127.0.0.1");
  let answer = "";
  socket.on("error", () => {});
  socket.setEncoding("latin1").on("data", (part) => {
    answer += part;
    if (until && answer.includes(until)) socket.destroy();
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

/** A condition that comes true by itself. */
export async function eventually(isSo, milliseconds = 5000) {
  const end = Date.now() + milliseconds;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("It did not come true in time.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

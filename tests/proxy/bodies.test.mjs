// Bodies that are huge, endless, slow or broken, on the way there and on the way back; and clients that go.
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { connect } from "node:net";
import { test } from "node:test";

import { basePath, createProxy, eventually, listen, ofPage, origin, raw, startProxy, toNodeHandler, token } from "./support.mjs";

const MEBIBYTE = 2 ** 20;
const jsonOf = (bytes) => `"${"x".repeat(bytes - 2)}"`;
const write = (body, more) => ({ method: "POST", headers: ofPage, body, ...more });
const address = `${origin}${basePath}/users`;

/** A body in parts, whose end is for whoever waits for ever. */
function streamOf(next) {
  return { body: new ReadableStream({ pull: async (controller) => next(controller) }, { highWaterMark: 0 }), duplex: "half" };
}

/** A proxy over HTTP at its own address, and the responses of Node's that it was given. */
async function startServer(options, answer) {
  let handler;
  const responses = [];
  const url = await listen((request, response) => {
    responses.push(response);
    handler(request, response);
  });
  const started = await startProxy({ origin: url, ...options }, answer);
  handler = toNodeHandler(started.proxy);
  const usual = [`POST ${basePath}/users HTTP/1.1`, `Host: ${new URL(url).host}`, `Origin: ${url}`, "Content-Type: application/json"];
  const head = (...lines) => [...usual, ...lines, "", ""].join("\r\n");
  return { ...started, url, head, responses };
}

/** The same over HTTP/2, with a client that is connected. */
async function startHttp2(t, options) {
  let handler;
  const responses = [];
  const server = http2.createServer((request, response) => {
    responses.push(response);
    handler(request, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const started = await startProxy({ origin: url, ...options });
  handler = toNodeHandler(started.proxy);
  const session = http2.connect(url);
  t.after(() => (session.destroy(), server.close()));
  return { ...started, url, session, responses };
}

// Requests.

test("a body of the limit goes through, and one byte more is 413", async () => {
  const { ask, sent } = await startProxy({ bodyLimit: 1000 });
  assert.equal((await ask("/users", write(jsonOf(1000)))).status, 200);
  assert.equal(sent[0].body, jsonOf(1000));
  assert.equal((await ask("/users", write(jsonOf(1001)))).status, 413);
  const usual = await startProxy();
  assert.equal((await usual.ask("/users", write(jsonOf(MEBIBYTE)))).status, 200);
  assert.equal((await usual.ask("/users", write(jsonOf(MEBIBYTE + 1)))).status, 413);
  assert.deepEqual([sent.length, usual.sent.length], [1, 1]);
});

test("a body that never ends is 413, and no more of it is read than the limit", async () => {
  let given = 0;
  const body = streamOf((controller) => controller.enqueue(new Uint8Array((given += 65_536) && 65_536)));
  const { ask, sent } = await startProxy();
  assert.equal((await ask("/users", { ...write(), ...body })).status, 413);
  assert.ok(given <= MEBIBYTE + 2 * 65_536, String(given));
  assert.deepEqual(sent, []);
});

test("what says that it is too long is not read, nor is authorize asked", async () => {
  const proxy = createProxy({ origin, allow: ["createUser"], authorize: () => assert.fail("asked"), bodyLimit: 10 });
  const body = streamOf(() => assert.fail("read"));
  const answer = await proxy(new Request(address, { ...write(), ...body, headers: { ...ofPage, "content-length": "11" } }));
  assert.equal(answer.status, 413);
});

/** An endless body, an `authorize` that reads a clone of it, and how many bytes each of them has had. */
function endless(given) {
  const had = { given: 0, read: 0, error: undefined };
  const body = streamOf((controller) => controller.enqueue(new Uint8Array((had.given += 100) && 100)));
  const authorize = async (request) => {
    try {
      for await (const part of request.clone().body) had.read += part.byteLength;
    } catch (error) {
      had.error = error;
      if (given === undefined) throw error;
    }
    return given;
  };
  return { had, authorize, body };
}

for (const given of [undefined, true, false]) {
  test(`authorize reads no more of a clone than the limit, and gives ${given} then: it is 413`, async () => {
    const { had, authorize, body } = endless(given);
    const { ask, sent } = await startProxy({ bodyLimit: 1000, authorize });
    const answer = await ask("/users", { ...write(), ...body });
    assert.deepEqual([answer.status, (await answer.json()).detail], [413, "Send at most 1000 bytes."]);
    assert.ok(had.error);
    assert.deepEqual([had.read, had.given], [1000, 1100]);
    assert.deepEqual(sent, []);
  });
}

test("a clone that authorize reads ends with the time, and when the client goes", async () => {
  for (const [timeout, status] of [[50, 504], [30_000, 499]]) {
    const leaving = new AbortController();
    let failed;
    const authorize = async (request) => {
      if (status === 499) setTimeout(() => leaving.abort(), 20);
      await request.clone().text().catch((error) => (failed = error));
      return true;
    };
    const { proxy, sent } = await startProxy({ timeout, authorize });
    const stalled = streamOf(() => new Promise(() => {}));
    assert.equal((await proxy(new Request(address, { ...write(), ...stalled, signal: leaving.signal }))).status, status);
    await eventually(() => failed);
    assert.deepEqual(sent, []);
  }
});

test("what authorize reads of a clone, the API is sent: the same bytes, up to the limit", async () => {
  const text = JSON.stringify({ name: "Ümit Überall 山田 🎈" });
  const bytes = [...new TextEncoder().encode(text)];
  const seen = [];
  const authorize = async (request, { method }) => {
    seen.push([request instanceof Request, request.url, request.method, request.headers.get("cookie"), await request.clone().text()]);
    return request.method === method;
  };
  const { ask, sent } = await startProxy({ bodyLimit: bytes.length, authorize });
  const next = (controller) => (bytes.length > 0 ? controller.enqueue(new Uint8Array(bytes.splice(0, 1))) : controller.close());
  const headers = { ...ofPage, cookie: "session=1" };
  assert.equal((await ask("/users", { ...write(), headers, ...streamOf(next) })).status, 200);
  assert.deepEqual(seen, [[true, address, "POST", "session=1", text]]);
  assert.equal(sent[0].body, text);
});

test("a body that does not come in time is 408, and nothing is sent", async () => {
  const { ask, sent } = await startProxy({ timeout: 50 });
  const answer = await ask("/users", { ...write(), ...streamOf(() => new Promise(() => {})) });
  assert.equal(answer.status, 408);
  assert.deepEqual(sent, []);
});

test("a body that drips is 408 at the same time, and is read no further", async () => {
  const { ask, sent } = await startProxy({ timeout: 100 });
  let given = 0;
  const drip = async (controller) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    controller.enqueue(new Uint8Array((given += 1) && 1));
  };
  assert.equal((await ask("/users", { ...write(), ...streamOf(drip) })).status, 408);
  const before = given;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(given <= before + 1);
  assert.deepEqual(sent, []);
});

test("a body that breaks off or is no UTF-8 is 400, and nothing is sent", async () => {
  const { ask, sent } = await startProxy();
  assert.equal((await ask("/users", { ...write(), ...streamOf((controller) => controller.error(new Error("gone"))) })).status, 400);
  assert.equal((await ask("/users", write(new Uint8Array([34, 0xff, 34])))).status, 400);
  assert.deepEqual(sent, []);
});

test("a body arrives as it was, in however many parts", async () => {
  const { ask, sent } = await startProxy();
  const text = JSON.stringify({ name: "Ümit Überall 山田 🎈" });
  const bytes = [...new TextEncoder().encode(text)];
  const next = (controller) => (bytes.length > 0 ? controller.enqueue(new Uint8Array(bytes.splice(0, 1))) : controller.close());
  assert.equal((await ask("/users", { ...write(), ...streamOf(next) })).status, 200);
  assert.equal(sent[0].body, text);
});

test("an empty body is none", async () => {
  const { ask, sent } = await startProxy();
  await ask("/users", { method: "POST", headers: ofPage });
  await ask("/users", write(new Uint8Array()));
  assert.deepEqual(sent.map(({ headers }) => [headers["content-type"], headers["content-length"]]), [[undefined, "0"], [undefined, "0"]]);
});

test("over HTTP: the answer to a body that is too long arrives, and whoever sends on and on is cut off", async () => {
  const { url, head, sent } = await startServer({ bodyLimit: 1000 });
  const body = jsonOf(200_000);
  const response = await fetch(`${url}${basePath}/users`, { method: "POST", headers: { ...ofPage, origin: url }, body });
  assert.equal(response.status, 413);
  assert.match((await response.json()).detail, /at most 1000 bytes/);

  const socket = connect(new URL(url).port, "127.0.0.1");
  let answer = "";
  socket.on("data", (part) => (answer += part)).on("error", () => {});
  socket.write(head("Transfer-Encoding: chunked"));
  const part = `10000\r\n${"x".repeat(65_536)}\r\n`;
  const start = Date.now();
  await eventually(() => socket.destroyed || !socket.write(part) || socket.destroyed);
  const sending = setInterval(() => socket.write(part), 1);
  await eventually(() => socket.destroyed, 10_000);
  clearInterval(sending);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.ok(Date.now() - start < 5000);
  assert.deepEqual(sent, []);
});

test("over HTTP: a body that is too long for authorize is 413, and the connection serves on", async () => {
  const read = [];
  const authorize = async (request) => read.push(await request.clone().text()) > 0;
  const { url, head, sent } = await startServer({ bodyLimit: 10, authorize });
  const long = `${head("Transfer-Encoding: chunked")}14\r\n${jsonOf(20)}\r\n0\r\n\r\n`;
  const answer = await raw(url, long + head("Connection: close", "Content-Length: 2") + "{}");
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 413", "HTTP/1.1 200"]);
  assert.deepEqual([read, sent.map(({ body }) => body)], [["{}"], ["{}"]]);
});

test("over HTTP/2 a body needs no length", async (t) => {
  const { url, session, sent } = await startHttp2(t, { bodyLimit: 1000 });
  /** What is sent after the headers: the parts, or with `undefined` nothing, as the headers are all. */
  const status = async (method, path, parts) => {
    const headers = { ":method": method, ":path": `${basePath}${path}`, ...ofPage, origin: url };
    const stream = session.request(headers, { endStream: parts === undefined });
    for (const part of parts ?? []) stream.write(part);
    stream.end();
    const [answer] = await once(stream, "response");
    stream.resume();
    return answer[":status"];
  };
  assert.equal(await status("POST", "/users", ['{"name":', '"Ada"}']), 200);
  assert.equal(await status("PUT", "/users/17", ["{}"]), 200);
  assert.equal(await status("POST", "/users", []), 200);
  assert.equal(await status("POST", "/users"), 200);
  assert.equal(await status("DELETE", "/users/17"), 200);
  assert.equal(await status("DELETE", "/users/17", []), 200);
  assert.equal(await status("POST", "/users", [jsonOf(1001)]), 413);
  assert.deepEqual(
    sent.map(({ line, headers, body }) => [line, headers["content-type"], body]),
    [
      ["POST /v7/users", "application/json", '{"name":"Ada"}'],
      ["PUT /v7/users/17", "application/json", "{}"],
      ["POST /v7/users", undefined, ""],
      ["POST /v7/users", undefined, ""],
      ["DELETE /v7/users/17", undefined, ""],
      ["DELETE /v7/users/17", undefined, ""],
    ],
  );
});

test("over HTTP: a body that stays out is 408", async () => {
  const { url, head, sent } = await startServer({ timeout: 100 });
  for (const length of ["Content-Length: 10", "Transfer-Encoding: chunked"]) {
    assert.match(await raw(url, head(length), "}"), /^HTTP\/1\.1 408 /);
  }
  assert.deepEqual(sent, []);
});

test("over HTTP: a connection serves on after a refusal", async () => {
  const { url, head } = await startServer({ bodyLimit: 10 });
  const long = `${head("Content-Length: 20")}${jsonOf(20)}`;
  const last = head("Connection: close", "Content-Length: 2") + "{}";
  const answer = await raw(url, long + last);
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 413", "HTTP/1.1 200"]);
});

// Answers.

test("an answer is passed on as it comes, part by part", async () => {
  let finish;
  const answer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"users":');
    finish = () => response.end("[]}");
  };
  const { ask } = await startProxy({}, answer);
  const reader = (await ask("/users")).body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), '{"users":');
  finish();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "[]}");
  assert.equal((await reader.read()).done, true);
});

test("an answer of the limit goes through; a longer one breaks off, and the call of the API with it", async () => {
  const { ask, ended } = await startProxy({ answerLimit: 1000 }, (request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(jsonOf(request.url.includes("aid") ? 1000 : 1001));
    if (request.url.includes("aid")) response.end();
  });
  assert.equal((await (await ask("/users?aid=1")).text()).length, 1000);
  const long = await ask("/users");
  assert.equal(long.status, 200);
  await assert.rejects(long.text(), /broke off/);
  await eventually(() => ended.length === 2);
  assert.deepEqual(ended, ["whole", "broken off"]);
});

test("an answer that says that it is too long is 502", async () => {
  const { ask, ended } = await startProxy({ answerLimit: 1000 }, (_request, response) => {
    response.writeHead(200, { "content-length": 1001 }).write("x");
  });
  assert.equal((await ask("/users")).status, 502);
  await eventually(() => ended.length === 1);
});

test("an answer that never ends breaks off at the limit, as does a small one that unpacks to a huge one", async () => {
  const { gzipSync } = await import("node:zlib");
  const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE));
  const { ask } = await startProxy({ answerLimit: MEBIBYTE }, (request, response) => {
    if (request.url.includes("aid")) return response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    const more = () => !response.destroyed && response.write(Buffer.alloc(65_536), () => setImmediate(more));
    more();
  });
  for (const path of ["/users", "/users?aid=1"]) await assert.rejects((await ask(path)).arrayBuffer(), /broke off/);
});

test("an API that does not answer is 504, and the call is given up", async () => {
  const { ask, sent, ended } = await startProxy({ timeout: 100 }, () => {});
  assert.equal((await ask("/users")).status, 504);
  await eventually(() => ended.length === 1);
  assert.deepEqual([sent.length, ended[0]], [1, "broken off"]);
});

test("an answer that drips breaks off in time", async () => {
  const { ask, ended } = await startProxy({ timeout: 150 }, (_request, response) => {
    const timer = setInterval(() => response.write("x"), 10);
    response.on("close", () => clearInterval(timer));
  });
  await assert.rejects((await ask("/users")).text(), /broke off/);
  await eventually(() => ended[0] === "broken off");
});

/** A `fetch` whose answer has parts of 1 MiB and no end, and knows no signal; `isGivenUp` says whether its body was. */
function withoutEnd() {
  const fetched = { isGivenUp: false };
  const pull = (controller) => controller.enqueue(new Uint8Array(MEBIBYTE));
  const source = { pull, cancel: () => void (fetched.isGivenUp = true) };
  fetched.fetch = async () => new Response(new ReadableStream(source, { highWaterMark: 0 }));
  return fetched;
}

test("an answer that nobody reads on breaks off in time", async () => {
  const fetched = withoutEnd();
  const { ask } = await startProxy({ timeout: 100, fetch: fetched.fetch });
  const reader = (await ask("/users")).body.getReader();
  assert.equal((await reader.read()).value.byteLength, MEBIBYTE);
  let error;
  reader.closed.catch((reason) => (error = reason));
  await eventually(() => error, 2000);
  assert.match(error.message, /broke off/);
  assert.equal(fetched.isGivenUp, true);
});

test("over HTTP: a client that reads nothing is cut off in time", async () => {
  const fetched = withoutEnd();
  const { url, responses } = await startServer({ timeout: 200, fetch: fetched.fetch });
  const socket = connect(new URL(url).port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET ${basePath}/users HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  await eventually(() => responses[0]?.writableNeedDrain);
  const { socket: answering } = responses[0];
  await eventually(() => responses[0].destroyed && answering.destroyed, 2000);
  assert.equal(fetched.isGivenUp, true);
  assert.equal(responses[0].writableFinished, false);
  socket.destroy();
});

test("over HTTP: a client that reads all but the last bytes is cut off in time", async () => {
  // It ends when the first bytes stay in the process, and Node takes that few without a word.
  const pull = async (controller) => {
    await new Promise(setImmediate);
    if (responses[0].writableLength > 0) controller.close();
    else controller.enqueue(new Uint8Array(8192));
  };
  const fetch = async () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  const { url, responses } = await startServer({ timeout: 1500, fetch });
  const socket = connect(new URL(url).port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET ${basePath}/users HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  await eventually(() => responses[0]?.writableEnded, 1500);
  const { socket: answering } = responses[0];
  assert.deepEqual([responses[0].writableFinished, answering.destroyed], [false, false]);
  await eventually(() => answering.destroyed, 3000);
  socket.destroy();
});

test("over HTTP/2: a client that reads nothing is cut off in time", async (t) => {
  const fetched = withoutEnd();
  const { session, responses } = await startHttp2(t, { timeout: 200, fetch: fetched.fetch });
  const stream = session.request({ ":path": `${basePath}/users` });
  stream.on("error", () => {});
  await once(stream, "response");
  const { stream: answering } = responses[0];
  await eventually(() => answering.destroyed, 2000);
  assert.equal(fetched.isGivenUp, true);
});

test("an answer that breaks off does not look whole, over HTTP neither", async () => {
  const cut = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"users":[]}');
    setTimeout(() => response.destroy(), 20);
  };
  const { ask } = await startProxy({}, cut);
  await assert.rejects((await ask("/users")).text(), /broke off/);
  const { url } = await startServer({}, cut);
  await assert.rejects((await fetch(`${url}${basePath}/users`)).text());
});

test("an answer that nobody reads is not fetched any further", async () => {
  let written = 0;
  const { ask } = await startProxy({ answerLimit: 1024 * MEBIBYTE }, (_request, response) => {
    const more = () => {
      while (!response.destroyed && written < 512 * MEBIBYTE) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) return;
      }
    };
    response.on("drain", more);
    more();
  });
  const answer = await ask("/users");
  let before = -1;
  while (written > before) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  assert.ok(written > 0 && written < 32 * MEBIBYTE, String(written));
  await answer.body.cancel();
});

// The client goes.

test("the call of the API ends when the client goes: before the answer, and within it", async () => {
  const { proxy, sent, ended } = await startProxy({}, (request, response) => {
    if (request.url.includes("aid")) response.writeHead(200, { "content-type": "application/json" }).write("{");
  });
  const leaving = new AbortController();
  const early = proxy(new Request(address, { signal: leaving.signal }));
  await eventually(() => sent.length === 1);
  leaving.abort();
  assert.equal((await early).status, 499);
  await eventually(() => ended.length === 1);

  const later = new AbortController();
  const answer = await proxy(new Request(`${address}?aid=1`, { signal: later.signal }));
  const reading = answer.text();
  later.abort();
  await assert.rejects(reading);
  await eventually(() => ended.length === 2);

  const cancelled = await proxy(new Request(`${address}?aid=1`));
  await cancelled.body.cancel();
  await eventually(() => ended.length === 3);
  assert.deepEqual(ended, ["broken off", "broken off", "broken off"]);
});

test("over HTTP, too: it ends when the connection does", async () => {
  const { url, sent, ended } = await startServer({}, (request, response) => {
    if (request.url.includes("aid")) response.writeHead(200, { "content-type": "application/json" }).write("{");
  });
  for (const [index, query] of ["", "?aid=1"].entries()) {
    const leaving = new AbortController();
    const asked = fetch(`${url}${basePath}/users${query}`, { signal: leaving.signal }).then((answer) => answer.text());
    await eventually(() => sent.length === index + 1);
    leaving.abort();
    await assert.rejects(asked);
    await eventually(() => ended.length === index + 1);
  }
  assert.deepEqual(ended, ["broken off", "broken off"]);
});

test("a client that has gone before anything began costs nothing", async () => {
  const proxy = createProxy({ origin, accessToken: token, authorize: () => true, fetch: () => assert.fail("sent") });
  assert.equal((await proxy(new Request(address, { signal: AbortSignal.abort() }))).status, 499);
});

test("a fetch that does not know signals is left alone when the client goes, and its body is given up", async () => {
  let cancelled;
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1)), cancel: () => (cancelled = true) });
  const { ask } = await startProxy({ fetch: async () => new Response(body) });
  await (await ask("/users")).body.cancel();
  assert.equal(cancelled, true);
});

// The token within a body, wherever the parts of the body begin and end.

test("the token is found across parts, and so is the address of another host", async () => {
  const [secret, host] = ["aabaabaa-token", "https://aab.example/v7"];
  const own = ["https://api.thousandeyes.com/v7/", "https://aab.example/v", `${host}/`, `"${host}/users"https:`];
  const near = ["aabaabaa-toke", "aabaabaabaa-token", `aab${secret}`, `aabaab${secret}${secret}aab`];
  const texts = [secret, `x${secret}y${secret}`, "", "no", ...near, ...own];
  let seed = 7;
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 400; round += 1) {
    const text = Array.from({ length: 1 + random(3) }, () => texts[random(texts.length)]).join("");
    const bytes = new TextEncoder().encode(text);
    const parts = [];
    for (let at = 0; at < bytes.length; ) parts.push(bytes.slice(at, (at += 1 + random(6))));
    const pull = (controller) => (parts.length > 0 ? controller.enqueue(parts.shift()) : controller.close());
    const body = new ReadableStream({ pull });
    const { proxy } = await madeOf(secret, body, host);
    const passed = await (await proxy(new Request(address))).text();
    assert.equal(passed, text.replaceAll(`${host}/`, "https://api.thousandeyes.com/v7/").replaceAll(secret, "(token)"));
  }
});

const madeOf = async (accessToken, body, host) => ({
  proxy: createProxy({ origin, host, accessToken, authorize: () => true, fetch: async () => new Response(body) }),
});

test("a token that is too short to be told from other text is left alone", async () => {
  const { proxy } = await madeOf("users", '{"users":[]}');
  assert.equal(await (await proxy(new Request(address))).text(), '{"users":[]}');
});

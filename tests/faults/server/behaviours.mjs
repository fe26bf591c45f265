/** What the server can do to a request. */
import { randomBytes } from "node:crypto";

import { goodAnswer } from "./good-answer.mjs";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
const USER = '{"uid":"1","name":"Ada Example"}';
const DRIP_EVERY = 20;

/** On the bare connection. */
const raw = {
  reset: (socket) => socket.resetAndDestroy(),
  "hang up": (socket) => socket.end(),
  garbage: (socket) => socket.end(randomBytes(4096)),
  "half a head": (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Ty"),
  "cut body": (socket) => socket.end(`${HEAD}Content-Length: 1000\r\n\r\n${USER}`),
  "cut chunks": (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"uid\r\n`),
  "reset in the body": (socket) =>
    socket.write(`${HEAD}Content-Length: 1000\r\n\r\n{"uid"`, () => socket.resetAndDestroy()),
  "bad gzip": (socket) => socket.end(`${HEAD}Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\nno gzip!`),
  silence: () => {},
  "silence in the body": (socket) => socket.write(`${HEAD}Content-Length: 1000\r\n\r\n{"uid"`),
  drip(socket) {
    socket.write(`${HEAD}Content-Length: 100000\r\n\r\n`);
    const timer = setInterval(() => socket.write(" "), DRIP_EVERY);
    socket.on("close", () => clearInterval(timer));
  },
};

/**
 * @param {string | object | undefined} behaviour a name from above; or an answer, see `answer`; or nothing, for a good one
 * @param {object} exchange
 */
export function behave(behaviour, { incoming, outgoing, foreign }) {
  const { socket, method, headers, url } = incoming;
  socket.on("error", () => {});
  if (typeof behaviour === "string") return raw[behaviour](socket);
  const isAccepted = behaviour?.unlessToken && headers.authorization === `Bearer ${behaviour.unlessToken}`;
  const isGood = !behaviour || isAccepted;
  answer(isGood ? goodAnswer(method, new URL(url, foreign).pathname) : behaviour, { headers, outgoing, foreign });
}

/**
 * `status`, `headers`, `body` (text) or `bytes` or `repeat` (a text, and how long it becomes); `toForeign` points to another origin, `echo` repeats the token in every
 * place, `resetIn` tells a rate limit that is reset in so many seconds.
 */
function answer({ status, headers: more, body = "", bytes, repeat, toForeign, echo, resetIn }, { headers, outgoing, foreign }) {
  const token = headers.authorization?.replace("Bearer ", "");
  const seconds = Math.floor(Date.now() / 1000);
  if (echo) outgoing.statusMessage = `refused ${token}`;
  outgoing.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    date: new Date(seconds * 1000).toUTCString(),
    ...(toForeign && { location: `${foreign}/v7/users/1` }),
    ...(echo && { "x-echo": token }),
    ...(resetIn !== undefined && {
      "x-organization-rate-limit-limit": "240",
      "x-organization-rate-limit-remaining": "0",
      "x-organization-rate-limit-reset": String(seconds + resetIn),
    }),
    ...more,
  });
  outgoing.end(echo ? echoed[echo](token) : bytes ? Buffer.from(bytes) : repeat ? repeat[0].repeat(repeat[1] / repeat[0].length) : body);
}

const echoed = {
  problem: (token) => JSON.stringify({ title: `Token ${token}`, detail: token, errors: [{ field: token, message: token }] }),
  escaped: (token) => `{"title":"${[...token].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"}`,
  text: (token) => `<html>Bearer ${token}</html>`,
};

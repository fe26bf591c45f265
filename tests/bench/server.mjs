// A server of fixed answers, in a process of its own. It prints its address.
import { createServer } from "node:http";

import { answers } from "./answers.mjs";

const answerTo = await answers();

const server = createServer((request, response) => {
  const { status, headers, body } = answerTo[request.url] ?? { status: 404, headers: [], body: "" };
  response.writeHead(status, headers.flat()).end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/v7`));

import { PROBLEM_JSON } from "../media-types.mjs";
import { titleOf } from "../problem.mjs";

const html = (status) => `<!DOCTYPE html>
<html><head><title>${status} ${titleOf(status)}</title></head>
<body><center><h1>${status} ${titleOf(status)}</h1></center><hr><center>gateway</center></body></html>
`;

/** Every shape in which an error has been seen to arrive. */
export const errorBodies = {
  problem: ({ status, path }) => ({
    mediaType: PROBLEM_JSON,
    body: { type: "about:blank", title: titleOf(status), status, detail: "Injected by the sandbox.", instance: path },
  }),
  title: ({ status }) => ({
    mediaType: PROBLEM_JSON,
    body: { type: "about:blank", title: "The request has errors. Error in field email: email is malformed.", status },
  }),
  oauth: () => ({
    mediaType: PROBLEM_JSON,
    body: { error: "invalid_token", error_description: "Injected by the sandbox." },
  }),
  message: ({ status }) => ({
    mediaType: "application/json",
    body: { errorMessage: `${status} ${titleOf(status)}\nInjected by the sandbox.` },
  }),
  legacy: ({ status, url, time }) => ({
    mediaType: "application/json",
    body: {
      timestamp: time,
      httpStatus: titleOf(status).toUpperCase().replaceAll(" ", "_"),
      errors: ["Injected by the sandbox."],
      path: url,
    },
  }),
  empty: () => ({}),
  html: ({ status }) => ({ mediaType: "text/html; charset=utf-8", body: html(status), fromGateway: true }),
};

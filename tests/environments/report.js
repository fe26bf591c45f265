// The first script of every page: tells the test what the page did, or what went wrong with it.
const tell = (report) => fetch("/report", { method: "POST", body: JSON.stringify(report) });

globalThis.report = (result) => tell({ result });

addEventListener("error", ({ message, target }) => tell({ error: message ?? `${target.src} could not be loaded` }), true);
addEventListener("unhandledrejection", ({ reason }) => tell({ error: `${reason} ${reason?.cause ?? ""}` }));
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  tell({ error: `the policy's ${violatedDirective} refuses ${blockedURI}` }),
);

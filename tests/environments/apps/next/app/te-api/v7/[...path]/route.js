import { createProxy, readOperations } from "thousandeyes-admin/proxy";

export const dynamic = "force-dynamic";

/** Made at the first request, because the port is known only once the server runs. A portal writes its origin down. */
let proxy;

function handle(request) {
  proxy ??= createProxy({
    origin: `http://${request.headers.get("host")}`,
    host: process.env.TE_API_ENDPOINT,
    accessToken: process.env.TE_TOKEN,
    allow: [...readOperations, "createUser"],
    authorize: () => true,
  });
  return proxy(request);
}

export { handle as GET, handle as POST };

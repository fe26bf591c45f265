// node start-process.mjs CLIENT BASE_URL: prints the milliseconds from before the import to after the first answer.
import { argv } from "node:process";

const [file, baseUrl, token, userId] = argv.slice(2);
const start = performance.now();
const { createClient } = await import(file);
const client = await createClient({ baseUrl, token });
const { uid } = await client.getUser(userId);
const time = performance.now() - start;
if (uid !== userId) throw new Error(`${file} gives something else than the answer.`);
console.log(time);
process.exit();

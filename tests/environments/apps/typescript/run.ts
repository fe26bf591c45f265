import { portal } from "./portal";

portal().then((result) => console.log(JSON.stringify(result)));

// The WebAssembly as a module of JavaScript.
import base64 from "./base64.js";
import { bytesOf } from "./base64-bytes.js";

export const bytes = () => bytesOf(base64);

// The worker: it is told the choices first, and then answers questions one after the other.

import { Session } from "./session.js";

/** @type {Session | null} */
let session = null;

addEventListener("message", ({ data }) => {
  if (session) postMessage(session.hear(data));
  else session = new Session(data);
});

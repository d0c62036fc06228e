import { serveOneTask } from "./client-process.ts";

await serveOneTask();

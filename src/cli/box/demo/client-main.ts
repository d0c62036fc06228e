import { once } from "node:events";
import { askHost, type DemoTask } from "./demo-client.ts";

const [task] = (await once(process, "message")) as [DemoTask];
const reply = await askHost(task);
process.send?.(reply, () => process.disconnect());

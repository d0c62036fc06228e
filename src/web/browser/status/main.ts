import "uplot/dist/uPlot.min.css";
import "./status.css";
import { startHistory } from "./history.ts";
import { showLive } from "./live.ts";

startHistory();
showLive();

import { render } from "preact";
import { session } from "./api/session.ts";
import { App } from "./app.tsx";
import "./admin.css";

const place = document.getElementById("app");
if (place) {
  place.replaceChildren();
  render(<App />, place);
  void session.start();
}

import { type Html, html } from "../pages/html.ts";
import type { PageFiles } from "../pages/page-files.ts";

/** What a browser is given for any address of the administration: the script draws what is asked for. */
export function adminPage({ script, style, preload }: PageFiles): string {
  const styles: readonly Html[] =
    style === null ? [] : [html`<link rel="stylesheet" href="/assets/${style}">`];
  const modules = preload.map((name) => html`<link rel="modulepreload" href="/assets/${name}">`);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>KMS Box</title>
<link rel="icon" href="data:,">
${styles}${modules}
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<div id="app"><noscript><p class="message">The administration needs JavaScript. The command kms-box on the box does the same.</p></noscript></div>
</body>
</html>
`.text;
}

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { session } from "./api/session.ts";
import { PAGE_GROUPS } from "./page-list.tsx";
import { Button } from "./parts/buttons.tsx";

interface ShellProps {
  /** Path of the page that is shown. */
  readonly current: string;
  readonly children: ComponentChildren;
}

/** What stands around every page: the way to the others, and the way out. */
export function Shell({ current, children }: ShellProps) {
  const [open, setOpen] = useState(false);
  // The page that was chosen closes the list.
  useEffect(() => setOpen(false), [current]);
  return (
    <div class="shell">
      <button type="button" class="button skip" onClick={toHeading}>
        Skip to the page
      </button>
      <header class="top">
        <button
          type="button"
          class="button menu"
          aria-expanded={open}
          aria-controls="pages"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
        <a class="brand" href="#/">
          KMS Box
        </a>
        <Button onClick={() => void session.logout()}>Log out</Button>
      </header>
      <nav id="pages" class={open ? "pages open" : "pages"} aria-label="Pages">
        {PAGE_GROUPS.map(({ title, pages }) => (
          <div key={title}>
            <p class="group">{title}</p>
            <ul>
              {pages.map(({ path, name }) => (
                <li key={path}>
                  <a href={`#/${path}`} aria-current={path === current ? "page" : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <main id="main">{children}</main>
    </div>
  );
}

function toHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}

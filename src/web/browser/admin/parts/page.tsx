import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface PageProps {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly about?: ComponentChildren;
  /** Buttons beside the title. */
  readonly acts?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The first page's heading takes no focus: a reader begins at the top then. */
let opened = 0;

/** A page with its title, which takes the focus when somebody comes to the page. */
export function Page({ title, about, acts, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · KMS Box`;
    if (opened++ > 0) heading.current?.focus();
  }, [title]);
  return (
    <>
      <div class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {about === undefined ? null : <p class="about">{about}</p>}
        </div>
        {acts === undefined ? null : <div class="acts">{acts}</div>}
      </div>
      {children}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly about?: ComponentChildren;
  readonly acts?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of a page, on a card of its own. */
export function Section({ title, about, acts, children }: SectionProps) {
  return (
    <section class="card">
      <div class="section-head">
        <h2>{title}</h2>
        {acts === undefined ? null : <div class="acts">{acts}</div>}
      </div>
      {about === undefined ? null : <p class="about">{about}</p>}
      {children}
    </section>
  );
}

/** One network adapter that may lead to the office. */
export interface LinkFact {
  readonly name: string;
  readonly state: "up" | "no-carrier" | "off" | "unknown";
}

export interface AddressFact {
  readonly address: string;
  readonly device: string;
  readonly linkLocal: boolean;
}

/** Whether another machine on the link has the same address. */
export interface UseFact {
  readonly address: string;
  readonly use:
    | { readonly by: "us" }
    /** `hardware` is its link-layer address; null where it is not known. */
    | { readonly by: "another"; readonly hardware: string | null }
    | { readonly by: "unknown"; readonly why: "not-installed" | "not-permitted" | "failed" };
}

export interface RouteFacts {
  /** Ways to other networks, such as `10.0.0.1 by eth0`. */
  readonly defaults: readonly string[];
  /** Name servers to which no route leads. */
  readonly unreachableServers: readonly string[];
}

/** What a name server did when it was asked. */
export interface NameServerFact {
  readonly server: string;
  /** `fails`: it answers that it cannot find out (SERVFAIL), as one does whose own servers are away. */
  readonly answer: "answers" | "fails" | "silent" | "nothing-listens";
}

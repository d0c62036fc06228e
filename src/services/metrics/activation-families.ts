import type { MetricFamily } from "../../ports/metrics.ts";
import type { HostAnswer } from "../../protocol/api.ts";
import type { ActivationTally } from "../activation-tally.ts";
import { counter, flag, gauges, sample } from "./family.ts";

type Product = HostAnswer["products"][number];

/** What became of requests since the start. */
export function requestFamilies(tally: ActivationTally): MetricFamily[] {
  const activations = [...tally.activations].map(([product, count]) => sample({ product }, count));
  const refusals = [...tally.refusals()].map(({ reason, product, count }) =>
    sample({ reason, product }, count),
  );
  return [
    counter("kms_box_activations_total", "Requests that were activated or renewed.", activations),
    counter(
      "kms_box_refusals_total",
      "Requests that were refused; those below the threshold were counted all the same.",
      refusals,
    ),
    {
      name: "kms_box_activation_duration_seconds",
      help: "From an activation request being read to its answer or refusal.",
      type: "histogram",
      durations: tally.answers.counts,
    },
    {
      name: "kms_box_store_commit_duration_seconds",
      help: "From a client's record being changed to its being on flash.",
      type: "histogram",
      durations: tally.commits.counts,
    },
  ];
}

/** How each licensed product stands. */
export function productFamilies(products: readonly Product[]): MetricFamily[] {
  const of = (name: string, help: string, value: (product: Product) => number) => {
    const samples = products.map((product) =>
      sample({ product: product.id, application: product.application }, value(product)),
    );
    return gauges(name, help, samples);
  };
  return [
    of(
      "kms_box_counted_cmids",
      "Distinct CMIDs that asked for the product's application within the retention.",
      ({ count }) => count,
    ),
    of(
      "kms_box_activation_threshold",
      "Activation count from which the product is activated.",
      ({ threshold }) => threshold,
    ),
    of("kms_box_activating", "1 if the product is activated now.", ({ activating }) =>
      flag(activating),
    ),
  ];
}

import type { LicensedProduct } from "../../domain/claims.ts";
import type { LicenceValidity } from "../../domain/licence.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { formatDuration, formatTime } from "./dates.ts";
import { fieldLines, tableLines } from "./table.ts";

/** A licence as it is shown; times as NumericDate. */
export interface ShownLicence {
  readonly vendor: string;
  readonly vendorThumbprint: string;
  readonly validity: LicenceValidity;
  readonly validFrom: number;
  readonly expires: number;
  readonly products: readonly LicensedProduct[];
}

/**
 * What a licence says, for a person.
 *
 * @param first names and values that come before the others
 */
export function licenceLines(
  licence: ShownLicence,
  nowMs: number,
  first: readonly (readonly [string, string])[] = [],
): string[] {
  const { vendor, vendorThumbprint, validFrom, expires, products } = licence;
  return [
    ...fieldLines([
      ...first,
      ["Vendor", vendor],
      ["Vendor key", vendorThumbprint],
      ["Valid", validityText(licence, nowMs)],
      ["From", formatTime(validFrom * SECOND_MS)],
      ["Until", formatTime(expires * SECOND_MS)],
    ]),
    "",
    ...tableLines<LicensedProduct>(
      [
        { title: "PRODUCT", cell: ({ id }) => id },
        { title: "NAME", cell: ({ name }) => name },
        { title: "APPLICATION", cell: ({ application }) => application },
        { title: "THRESHOLD", align: "right", cell: ({ threshold }) => String(threshold) },
      ],
      products,
    ),
  ];
}

function validityText({ validity, validFrom, expires }: ShownLicence, nowMs: number): string {
  switch (validity) {
    case "valid":
      return `yes, ${formatDuration(expires * SECOND_MS - nowMs)} left`;
    case "expired":
      return `no, it expired ${formatDuration(nowMs - expires * SECOND_MS)} ago`;
    case "not-yet-valid":
      return `not yet, in ${formatDuration(validFrom * SECOND_MS - nowMs)}`;
  }
}

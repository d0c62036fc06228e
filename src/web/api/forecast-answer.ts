import type { ProductForecast } from "../../domain/insight/forecast.ts";
import type { ForecastAnswer as Told } from "../../services/insight/insight-service.ts";
import type { ForecastAnswer } from "./insight-schemas.ts";

/** A forecast as it goes over the wire. */
export function forecastAnswer(told: Told): ForecastAnswer {
  const { nowMs, clockTrusted, overdue, without, products } = told;
  return {
    time: iso(nowMs),
    clockTrusted,
    overdue,
    retired: [...without].map(([name, machines]) => ({
      name,
      machines: machines.map((machine) => ({ ...machine })),
    })),
    safe: products.every(({ countNow, threshold, fall }) => countNow >= threshold && !fall),
    products: products.map(productAnswer),
  };
}

function productAnswer(told: ProductForecast): ForecastAnswer["products"][number] {
  const { fall, days, ...rest } = told;
  return {
    ...rest,
    days: [...days],
    fallsBelow: fall ? iso(fall.atMs) : null,
    absent: fall?.leaving ?? 0,
    machines: (fall?.machines ?? []).map(({ cmid, hostname, lastContactMs, leavesMs }) => ({
      ...{ cmid, hostname },
      lastContact: iso(lastContactMs),
      leaves: iso(leavesMs),
    })),
  };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

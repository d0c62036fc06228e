import assert from "node:assert/strict";

export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ExposedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ExposedSample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)*)\\})? (\\S+)$`,
);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/g;

/**
 * Reads the text format of Prometheus 0.0.4, and holds it to what `promtool check metrics` wants: each
 * family once, with help and type before its samples; no series twice; counters that end with `_total`
 * and never fall below 0; histograms whose buckets rise to `+Inf`, which is their count.
 */
export function parseExposition(text: string): Map<string, ExposedFamily> {
  assert.ok(text.endsWith("\n"), "the last line must end");
  const families = new Map<string, ExposedFamily & { samples: ExposedSample[] }>();
  const series = new Set<string>();
  let help: [string, string] | undefined;
  let current: (ExposedFamily & { samples: ExposedSample[] }) | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      if (kind === "HELP") help = [name, rest];
      else {
        assert.equal(help?.[0], name, `no help before the type of ${name}`);
        assert.ok(!families.has(name), `${name} comes twice`);
        assert.match(rest, /^(?:counter|gauge|histogram)$/);
        current = { name, help: help?.[1] ?? "", type: rest, samples: [] };
        families.set(name, current);
      }
      continue;
    }
    const sample = parseSample(line);
    assert.ok(current && belongs(sample.name, current), `${sample.name} has no type`);
    const key = `${sample.name} ${labelsKey(sample.labels)}`;
    assert.ok(!series.has(key), `${key} comes twice`);
    series.add(key);
    current.samples.push(sample);
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function parseSample(line: string): ExposedSample {
  const [, name = "", labelText = "", value = ""] = SAMPLE.exec(line) ?? [];
  assert.ok(name, `no sample: ${line}`);
  const labels = [...labelText.matchAll(LABEL)].map(([, key = "", text = ""]) => [key, text]);
  assert.equal(new Set(labels.map(([key]) => key)).size, labels.length, line);
  const number = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
  assert.ok(!Number.isNaN(number), `no number: ${line}`);
  return { name, labels: Object.fromEntries(labels), value: number };
}

function belongs(name: string, family: ExposedFamily): boolean {
  if (family.type !== "histogram") return name === family.name;
  return ["_bucket", "_sum", "_count"].some((suffix) => name === `${family.name}${suffix}`);
}

function checkFamily({ name, type, samples }: ExposedFamily): void {
  assert.equal(name.endsWith("_total"), type === "counter", name);
  if (type === "counter")
    assert.ok(
      samples.every(({ value }) => value >= 0),
      name,
    );
  if (type !== "histogram") {
    assert.doesNotMatch(name, /_(?:count|sum|bucket)$/);
    return;
  }
  const buckets = samples.filter((each) => each.name.endsWith("_bucket"));
  const bounds = buckets.map(({ labels }) => Number((labels.le ?? "").replace("+Inf", "Infinity")));
  assert.deepEqual(
    bounds,
    bounds.toSorted((a, b) => a - b),
    name,
  );
  assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY, name);
  const values = buckets.map(({ value }) => value);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
    name,
  );
  assert.equal(samples.find((each) => each.name === `${name}_count`)?.value, values.at(-1), name);
}

/** The value of one series; undefined if there is none. */
export function seriesValue(
  families: Map<string, ExposedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const samples = [...families.values()].flatMap((family) => family.samples);
  return samples.find((each) => each.name === name && labelsKey(each.labels) === labelsKey(labels))
    ?.value;
}

function labelsKey(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).toSorted((a, b) => a.localeCompare(b));
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}

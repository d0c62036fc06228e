import { isSameName } from "../../domain/dns-names.ts";
import { type ConfigLayer, isRecord } from "../config.ts";
import { valueAt, withValue } from "./options.ts";
import { LISTS } from "./rules.ts";

type List = (typeof LISTS)[number];
type Item = Record<string, unknown>;

/** A list stands for the whole of those below it; the files that root named for its items stay. */
export function withInheritedFiles(layer: ConfigLayer, below: readonly ConfigLayer[]): ConfigLayer {
  let { values } = layer;
  for (const list of LISTS) {
    const items = valueAt(values, list.name);
    if (!Array.isArray(items)) continue;
    const former = below
      .map((each) => valueAt(each.values, list.name))
      .findLast((each) => Array.isArray(each));
    const inherited = items.map((item: unknown) =>
      isRecord(item) ? { ...filesOf(list, item, former ?? []), ...item } : item,
    );
    values = withValue(values, list.name, inherited);
  }
  return { ...layer, values };
}

/** An item may be given back as it was shown: what root named of it is taken out again. */
export function withoutOwnFiles(name: string, value: unknown, shown: unknown): unknown {
  const list = LISTS.find((each) => each.name === name);
  if (!list || !Array.isArray(value) || !Array.isArray(shown)) return value;
  return value.map((given: unknown) => {
    if (!isRecord(given)) return given;
    const own = filesOf(list, given, shown);
    return Object.fromEntries(
      Object.entries(given).filter(([member, each]) => !(member in own) || own[member] !== each),
    );
  });
}

function filesOf(list: List, item: Item, among: readonly unknown[]): Item {
  const same = among.find((each) => isRecord(each) && isSame(list, each, item));
  if (!isRecord(same)) return {};
  const members = list.files.filter((member) => same[member] !== undefined);
  return Object.fromEntries(members.map((member) => [member, same[member]]));
}

function isSame({ id }: List, a: Item, b: Item): boolean {
  const [one, other] = [String(a[id]), String(b[id])];
  return id === "domain" ? isSameName(one, other) : one === other;
}

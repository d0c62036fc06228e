export type Attributes = Readonly<Record<string, string | number>>;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function element(name: string, attributes: Attributes, content?: string): string {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${value}"`)];
  return content === undefined ? `<${head.join(" ")}/>` : `<${head.join(" ")}>${content}</${name}>`;
}

export function label(at: Point, words: string, attributes: Attributes = {}): string {
  return element("text", { x: at.x, y: at.y, ...attributes }, escaped(words));
}

export function rect(at: Point, width: number, height: number, attributes: Attributes): string {
  return element("rect", { x: at.x, y: at.y, width, height, ...attributes });
}

export function circle(at: Point, r: number, attributes: Attributes): string {
  return element("circle", { cx: at.x, cy: at.y, r, ...attributes });
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly style: string;
  readonly parts: readonly string[];
}

/** A picture that brings its own background's size and says what it is to who cannot see it. */
export function svgFile({ width, height, title, style, parts }: Drawing): string {
  const head = element("title", {}, escaped(title)) + element("style", {}, style);
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
  };
  return `${element("svg", attributes, ["", head, ...parts, ""].join("\n"))}\n`;
}

export function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

import assert from "node:assert/strict";
import { LAMPS } from "../../src/panel/lamps.ts";
import { amountOf, type BomRow, COLUMNS, parseCsv, readBom } from "./bill-of-materials.ts";
import {
  GPIO_VOLTS,
  HEADER_LIMIT_MILLIAMPS,
  ledCurrents,
  PIN_LIMIT_MILLIAMPS,
  REFERENCES,
} from "./led-currents.ts";
import { connections, pins } from "./pins.ts";

const { header, rows } = readBom();

const rowsOf = (reference: string): BomRow[] => rows.filter((row) => row.reference === reference);
const quantityOf = (reference: string): number => Number(rowsOf(reference)[0]?.quantity);

describe("bill of materials", () => {
  it("is comma-separated values with the same columns in every record", () => {
    assert.deepEqual(parseCsv('a,"b ""c"", d"\n,e\n'), [
      ["a", 'b "c", d'],
      ["", "e"],
    ]);
    assert.deepEqual(header, COLUMNS);
    for (const row of rows) assert.equal(Object.keys(row).length, COLUMNS.length, row.part);
  });

  it("says of every part how many, whether needed and where from", () => {
    for (const row of rows) {
      assert.match(row.quantity, /^[1-9][0-9]*$/, row.part);
      assert.match(row.needed, /^(required|choose one|optional)$/, row.part);
      assert.notEqual(row.source, "", row.part);
    }
  });

  it("repeats a reference only to give a choice", () => {
    for (const { reference, needed } of rows) {
      assert.equal(rowsOf(reference).length > 1, needed === "choose one", reference);
    }
  });

  it("has an LED and a resistor for every LED of the panel, and one button", () => {
    assert.deepEqual(Object.keys(pins.leds).sort(), [...LAMPS].sort());
    for (const { led, resistor } of Object.values(REFERENCES)) {
      assert.equal(quantityOf(led), 1);
      assert.equal(quantityOf(resistor), 1);
    }
    assert.equal(rows.filter(({ part }) => part.startsWith("LED ")).length, LAMPS.length);
    assert.equal(quantityOf("S1"), 1);
  });

  it("has a wire for every pin that is connected", () => {
    assert.equal(quantityOf("W1"), connections().filter(({ optional }) => !optional).length);
  });

  it("names displays of at least two makers that fit the box's drivers and address", () => {
    const displays = rowsOf("A2");
    const makers = displays.filter((row) => row.part_number !== "").map(({ source }) => source);
    assert.ok(new Set(makers).size >= 2);
    for (const { value, specification } of displays) {
      assert.match(value, /^(SSD1306|SH1106)$/);
      assert.match(specification, /^128x(64|32), /);
      assert.ok(specification.includes(`I2C ${pins.display.address}, 3.3 V`), specification);
    }
  });

  it("lets the optional clock share the bus with the display", () => {
    const address = /0x[0-9a-f]{2}/.exec(rowsOf("A3")[0]?.specification ?? "")?.[0];
    assert.ok(address);
    assert.notEqual(address, pins.display.address);
  });
});

describe("LED resistors", () => {
  it("keep every pin and the header below their limits", () => {
    const currents = ledCurrents().map(({ milliamps }) => milliamps);
    for (const current of currents) assert.ok(current > 2 && current <= PIN_LIMIT_MILLIAMPS);
    assert.ok(currents.reduce((sum, current) => sum + current) <= HEADER_LIMIT_MILLIAMPS);
  });

  it("do so also with 5 % less resistance and an LED that takes 0.4 V less", () => {
    for (const { forwardVolts, ohms } of ledCurrents()) {
      const worst = (1000 * (GPIO_VOLTS - (forwardVolts - 0.4))) / (0.95 * ohms);
      assert.ok(worst <= PIN_LIMIT_MILLIAMPS, `${worst} mA`);
    }
  });

  it("leave a pull-up for the button that draws less than a milliampere", () => {
    assert.ok((1000 * GPIO_VOLTS) / amountOf("R5") < 1);
  });
});

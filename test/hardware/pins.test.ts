import assert from "node:assert/strict";
import { LAMPS } from "../../src/panel/lamps.ts";
import { connections, nameOfPin, pins } from "./pins.ts";

describe("pins.json", () => {
  it("knows all 40 pins of the header, each GPIO once", () => {
    const names = pins.headerPins.flat();
    const gpios = names.filter((name) => name.startsWith("GPIO"));
    assert.equal(names.length, 40);
    assert.equal(new Set(gpios).size, 26);
    assert.equal(gpios.length, 26);
    assert.equal(names.filter((name) => name === "GND").length, 8);
  });

  it("puts every line on the pin that carries it", () => {
    for (const { gpio, pin, to } of connections()) {
      if (gpio !== null) assert.equal(nameOfPin(pin), `GPIO${gpio}`, to);
    }
  });

  it("takes ground from ground and power from 3.3 V, never from 5 V", () => {
    const { display, button, ledGround } = pins;
    for (const pin of [display.ground, button.ground, ledGround]) {
      assert.equal(nameOfPin(pin), "GND");
    }
    for (const pin of [display.power3v3, button.pullUp3v3]) assert.equal(nameOfPin(pin), "3V3");
  });

  it("uses no pin twice", () => {
    const used = connections().map(({ pin }) => pin);
    assert.equal(new Set(used).size, used.length);
  });

  it("has the display on the bus that its lines belong to, at the address the drivers use", () => {
    assert.equal(pins.display.bus, 1);
    assert.deepEqual(
      [nameOfPin(pins.display.sda.pin), nameOfPin(pins.display.scl.pin)],
      ["GPIO2", "GPIO3"],
    );
    assert.equal(Number(pins.display.address), 0x3c);
    assert.ok(pins.display.busFrequencyHz <= 400_000);
  });

  it("has every LED of the panel, and a button that reads low when pressed", () => {
    assert.deepEqual(Object.keys(pins.leds), [...LAMPS]);
    assert.equal(pins.button.activeLow, true);
    assert.equal(pins.button.pull, "up");
  });
});

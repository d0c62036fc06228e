import { pins } from "./pins.ts";

/** The functions and pulls of a pin as the Raspberry Pi's device trees number them. */
export const PIN_INPUT = 0;
export const PIN_OUTPUT = 1;
export const PULLS = { up: 2, down: 1 } as const;

export const ledGpios = (): number[] => Object.values(pins.leds).map(({ gpio }) => gpio);

/** Out at once after power-on: the level at which an LED is dark. */
function darkLevel(): "low" | "high" {
  const [first] = Object.values(pins.leds);
  return first?.activeLow === true ? "high" : "low";
}

/** Source of the device-tree overlay, for boxes that do not want to edit config.txt by hand. */
export function overlaySource(): string {
  const { button, display } = pins;
  return `// Made from pins.json: do not edit.
// Turns on the display's I2C bus and gives the panel's lines direction and pull at boot. No driver
// takes them: the box drives them itself.
/dts-v1/;
/plugin/;

/ {
	compatible = "brcm,bcm2835";
};

&i2c${display.bus} {
	status = "okay";
	clock-frequency = <${display.busFrequencyHz}>;
};

&gpio {
	pinctrl-names = "default";
	pinctrl-0 = <&kms_box_button &kms_box_leds>;

	kms_box_button: kms_box_button {
		brcm,pins = <${button.gpio}>;
		brcm,function = <${PIN_INPUT}>;
		brcm,pull = <${PULLS[button.pull]}>;
	};

	kms_box_leds: kms_box_leds {
		brcm,pins = <${ledGpios().join(" ")}>;
		brcm,function = <${PIN_OUTPUT}>;
		output-${darkLevel()};
	};
};
`;
}

/** The lines of config.txt that do the same without an overlay. */
export function configTxt(): string {
  const { button, display } = pins;
  const level = darkLevel() === "low" ? "dl" : "dh";
  return `# Made from pins.json: copy these lines to the end of /boot/firmware/config.txt.
[all]
# The display's bus.
dtparam=i2c_arm=on,i2c_arm_baudrate=${display.busFrequencyHz}
# The button: input, pulled ${button.pull}.
gpio=${button.gpio}=ip,p${button.pull === "up" ? "u" : "d"}
# The LEDs (${Object.keys(pins.leds).join(", ")}): outputs, dark until the box drives them.
gpio=${ledGpios().join(",")}=op,${level}
`;
}

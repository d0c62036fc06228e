// Enclosure of a KMS Box: a base that holds the Raspberry Pi, a front plate with display, LEDs and
// button that slides into the base from above, and a lid that is pushed on and holds the plate.
//
//   openscad -D 'part="base"' -D 'pi="4"' -o base.stl enclosure.scad
//
// Lengths are millimetres. Looking at the front, the Pi's USB ports are on the left, its power on the
// back. Display modules differ by a millimetre or two: measure yours and change `module_size`.

part = "all";           // "base", "front", "lid" or "all" (exploded, to look at)
pi = "4";               // "zero2w", "3", "4" or "5"
display = "0.96";       // "0.96" or "1.3" inches
led_diameter = 5;       // 3 or 5
button_diameter = 12;   // 12: panel mount; 6: cap of a tactile switch on a small board behind
wall = 2.4;
clearance = 0.3;        // between parts that slide or push into each other

$fn = 40;
little = 0.01;          // keeps faces from coinciding

assert(pi == "zero2w" || pi == "3" || pi == "4" || pi == "5", "pi is zero2w, 3, 4 or 5");
assert(display == "0.96" || display == "1.3", "display is 0.96 or 1.3");
assert(led_diameter == 3 || led_diameter == 5, "led_diameter is 3 or 5");
assert(button_diameter == 12 || button_diameter == 6, "button_diameter is 12 or 6");

// ---- The board: its lower left corner is where power is left, the header is at the upper edge.

zero = pi == "zero2w";
board = zero ? [65, 30] : [85, 56];
holes = zero ? [[3.5, 3.5], [61.5, 3.5], [3.5, 26.5], [61.5, 26.5]]
             : [[3.5, 3.5], [61.5, 3.5], [3.5, 52.5], [61.5, 52.5]];
board_thickness = 1.4;
standoff = 4;

// Centre along the edge, width and height of what a plug needs.
usb_a = [15.5, 17.5];
ethernet = [17, 15.5];
usb_c = [13, 8];
micro_usb = [12.5, 8.5];
hdmi = [22.5, 12.5];
mini_hdmi = [16, 9.5];
micro_hdmi = [14, 8.5];
audio = [9.5, 9];

back_ports = pi == "zero2w" ? [[12.4, mini_hdmi], [41.4, micro_usb], [54, micro_usb]]
           : pi == "3"      ? [[10.6, micro_usb], [32, hdmi], [53.5, audio]]
           : pi == "4"      ? [[11.2, usb_c], [26, micro_hdmi], [39.5, micro_hdmi], [54, audio]]
                            : [[11.2, usb_c], [25.8, micro_hdmi], [39.2, micro_hdmi]];
side_ports = pi == "zero2w" ? []
           : pi == "4"      ? [[9, usb_a], [27, usb_a], [45.75, ethernet]]
                            : [[10.25, ethernet], [29, usb_a], [47, usb_a]];
card_at = zero ? 16.9 : 28;

// The board goes in straight from above, past ports that stand out over its edge.
gap_back = 2;
gap_card = 1;
gap_side = zero ? 1 : 3.6;

// ---- The front: what stands on it, seen from the front, from the lower left of the inside.

module_size = display == "1.3" ? [35.4, 33.5] : [27.3, 27.8];
window_size = display == "1.3" ? [31.4, 16.7] : [24, 13];
window_raise = 1;       // the glass sits a little above the module's middle
plate = 2.4;
groove = 1.2;           // how far the plate reaches into the walls
rail = 1.6;             // in front of and behind the plate
behind_plate = button_diameter == 12 ? 28 : 16;

inside = [gap_card + board.x + gap_side,
          gap_back + board.y + behind_plate,
          module_size.y + 8];
base_size = [inside.x + 2 * wall, wall + inside.y + plate + 2 * clearance + rail, wall + inside.z];
plate_y = wall + inside.y;
lid_lip = 3;

module_left = 4;
controls_left = module_left + module_size.x + 3;
controls_middle = (controls_left + inside.x) / 2;
led_pitch = min(10, (inside.x - controls_left - 2) / 4);
led_height = inside.z * 0.74;
button_height = inside.z * 0.34;

echo(size_of = "base", size = base_size);
echo(size_of = "front", size = [inside.x + 2 * groove - 2 * clearance, inside.z + groove, plate + 3]);
echo(size_of = "lid", size = [base_size.x, base_size.y, wall + lid_lip]);

if (part == "base") base();
else if (part == "front") front();
else if (part == "lid") lid();
else if (part == "all") {
  color("#8d99a6") base();
  translate([0, 40, 0]) {
    color("#30363d") standing_front();
    placed_on_front() panel_parts();
  }
  board_stand_in();
  color("#b7c1cc") translate([0, 0, base_size.z + 34]) placed_lid();
} else assert(false, "part is base, front, lid or all");

// ---- Parts, each lying as it is printed.

module base() {
  difference() {
    union() {
      difference() {
        cube(base_size);
        translate([wall, wall, wall]) cube([inside.x, inside.y - rail, inside.z + little]);
        front_opening();
        plate_slot();
      }
      standoffs();
    }
    standoff_holes();
    ports();
    vents([wall + gap_card + 12, wall + gap_back + 8, -little], zero ? 5 : 8, zero ? 14 : 36);
  }
}

// Lies on its outer side.
module front() {
  translate([inside.x + groove - clearance, groove, plate]) rotate([0, 180, 0]) front_as_seen();
}

// Looked at from above, as it is seen from the front.
module front_as_seen() {
  difference() {
    union() {
      plate_body();
      module_rim();
    }
    on_front([module_left + module_size.x / 2, inside.z / 2 + window_raise])
      cube([window_size.x, window_size.y, 3 * plate], center = true);
    for (i = [0 : 3])
      on_front([controls_middle + (i - 1.5) * led_pitch, led_height])
        cylinder(d = led_diameter + 0.2, h = 3 * plate, center = true);
    on_front([controls_middle, button_height])
      cylinder(d = button_diameter + 0.3, h = 3 * plate, center = true);
  }
}

module lid() {
  difference() {
    union() {
      cube([base_size.x, base_size.y, wall]);
      lid_ring();
    }
    vents([wall + 14, base_size.y - wall - 12 - lid_vent, -little], 8, lid_vent);
  }
}

// ---- Pieces of the base.

module plate_slot() {
  translate([wall - groove, plate_y, wall - groove])
    cube([inside.x + 2 * groove, plate + 2 * clearance, inside.z + groove + little]);
}

// The wall behind and before the plate stays as a border that is 2 mm wide.
module front_opening() {
  translate([wall + 2, wall + inside.y - rail - little, wall + 2])
    cube([inside.x - 4, base_size.y, inside.z]);
}

module on_board(at) {
  translate([wall + gap_card + at.x, wall + gap_back + at.y, wall]) children();
}

module standoffs() {
  for (at = holes) on_board(at) translate([0, 0, -little]) cylinder(d = 6, h = standoff + little);
}

// For self-tapping M2.5 screws; right through, so that a nut below does as well.
module standoff_holes() {
  for (at = holes) on_board(at) translate([0, 0, -wall - little])
    cylinder(d = 2.2, h = wall + standoff + 2 * little);
}

module ports() {
  for (port = back_ports) on_board([port[0], 0]) port_hole(port[1], [0, -gap_back - wall / 2], 0);
  for (port = side_ports)
    on_board([board.x, port[0]]) port_hole(port[1], [gap_side + wall / 2, 0], 90);
  on_board([0, card_at]) translate([-gap_card - wall / 2, 0, standoff / 2 + 2])
    cube([2 * wall, 15, standoff + 4], center = true);
}

// Plugs are wider than their sockets, so a hole reaches 2 mm below the board's upper side.
module port_hole(size, at, turned) {
  translate([at.x, at.y, standoff + board_thickness - 2]) rotate([0, 0, turned])
    translate([-size.x / 2, -wall, 0]) cube([size.x, 2 * wall, size.y]);
}

module vents(at, count, length) {
  for (i = [0 : count - 1])
    translate([at.x + i * 6, at.y, at.z]) cube([2.4, length, wall + 2 * little]);
}

// ---- Pieces of the front.

module plate_body() {
  translate([-groove + clearance, -groove, 0])
    cube([inside.x + 2 * groove - 2 * clearance, inside.z + groove, plate]);
}

module on_front(at) {
  translate([at.x, at.y, plate / 2]) children();
}

// Holds the module from behind; open at the top, where most have their pins.
module module_rim() {
  at = [module_left, (inside.z - module_size.y) / 2];
  difference() {
    translate([at.x - 1.6, at.y - 1.6, -3])
      cube([module_size.x + 3.2, module_size.y + 1.6, 3 + little]);
    translate([at.x - 0.4, at.y - 0.4, -3 - little])
      cube([module_size.x + 0.8, module_size.y + 3, 3 + little]);
  }
}

// As it stands in the base: its outer side looks away from the board.
module standing_front() {
  placed_on_front() front_as_seen();
}

module placed_on_front() {
  translate([wall + inside.x, plate_y + clearance, wall]) rotate([90, 0, 180]) children();
}

// ---- Pieces of the lid.

lid_vent = min(36, inside.y - 24);

module lid_ring() {
  size = [inside.x - 2 * clearance, inside.y - rail - 2 * clearance];
  back = base_size.y - wall - clearance;
  translate([wall + clearance, back - size.y, wall - little]) difference() {
    cube([size.x, size.y, lid_lip + little]);
    translate([1.6, 1.6, -little]) cube([size.x - 3.2, size.y - 3.2, lid_lip + 3 * little]);
  }
}

module placed_lid() {
  translate([0, base_size.y, wall]) rotate([180, 0, 0]) lid();
}

// ---- Stand-ins for what is not printed, to look at only.

module board_stand_in() {
  on_board([0, 0]) translate([0, 0, standoff]) {
    color("#1b5e40") cube([board.x, board.y, board_thickness]);
    color("#15181c") translate([7, board.y - 6, board_thickness]) cube([51, 5, 8.5]);
    color("#c9ced4") for (port = side_ports)
      translate([board.x - 15, port[0] - 6.6, board_thickness]) cube([18, 13.2, port[1].y - 3]);
    color("#c9ced4") for (port = back_ports)
      translate([port[0] - port[1].x / 2 + 2.5, -1, board_thickness])
        cube([port[1].x - 5, 8, port[1].y - 5]);
  }
}

module panel_parts() {
  on_front([module_left + module_size.x / 2, inside.z / 2 + window_raise])
    color("#1d5f8f") cube([window_size.x, window_size.y, plate - 0.6], center = true);
  colours = ["#2fbf60", "#f2cc2e", "#f04a58", "#ff9d3c"];
  for (i = [0 : 3]) color(colours[i])
    on_front([controls_middle + (i - 1.5) * led_pitch, led_height]) {
      cylinder(d = led_diameter, h = 3);
      translate([0, 0, 3]) sphere(d = led_diameter);
    }
  color("#8c959f") on_front([controls_middle, button_height])
    cylinder(d = button_diameter - 1, h = plate / 2 + 2);
}

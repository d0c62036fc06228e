import { icon } from "./icon.ts";

/** Icons that stand in a line of text: seven rows, as the text. */

export const NETWORK_ICON = icon(`
  ...###...
  ...###...
  ....#....
  .#######.
  .#.....#.
  ###...###
  ###...###
`);

export const GLOBE_ICON = icon(`
  ..###..
  .#.#.#.
  #..#..#
  #######
  #..#..#
  .#.#.#.
  ..###..
`);

export const CLIENTS_ICON = icon(`
  #########
  #.......#
  #.......#
  #.......#
  #########
  ....#....
  ..#####..
`);

export const HEART_ICON = icon(`
  .##...##.
  ####.####
  #########
  .#######.
  ..#####..
  ...###...
  ....#....
`);

export const TICK_ICON = icon(`
  .........
  ........#
  .......##
  #.....##.
  ##...##..
  .##.##...
  ..###....
`);

export const CROSS_ICON = icon(`
  .........
  .##...##.
  ..##.##..
  ...###...
  ..##.##..
  .##...##.
  .........
`);

export const CLOCK_ICON = icon(`
  ..###..
  .#...#.
  #..#..#
  #..##.#
  #.....#
  .#...#.
  ..###..
`);

export const KEY_ICON = icon(`
  .###.......
  #...#......
  #...#......
  #...#######
  #...#...#.#
  #...#...#.#
  .###.......
`);

/** A warning in a line of text. */
export const ALERT_ICON = icon(`
  ....#....
  ...###...
  ...#.#...
  ..##.##..
  ..##.##..
  .#######.
  .###.###.
`);

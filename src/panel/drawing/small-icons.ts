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

export const KEY_ICON = icon(`
  .###.......
  #...#......
  #...#......
  #...#######
  #...#...#.#
  #...#...#.#
  .###.......
`);

/** A style sheet becomes part of the page's own: importing it gives nothing. */
declare module "*.css";

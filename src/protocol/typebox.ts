// Nothing else imports TypeBox, so that the programs hold what is named here of it, and no more.
import * as typebox from "typebox";

/** The types that schemas are built of. */
export const Type = {
  Array: typebox.Array,
  Boolean: typebox.Boolean,
  Enum: typebox.Enum,
  Integer: typebox.Integer,
  Literal: typebox.Literal,
  Never: typebox.Never,
  Null: typebox.Null,
  Object: typebox.Object,
  Optional: typebox.Optional,
  Record: typebox.Record,
  String: typebox.String,
  Union: typebox.Union,
  Unknown: typebox.Unknown,
};

export type { Static, TSchema } from "typebox";
export { Compile } from "typebox/compile";
export { Check, Convert, Create, Default } from "typebox/value";

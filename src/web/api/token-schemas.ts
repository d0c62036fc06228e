import { type Static, Type } from "../../protocol/typebox.ts";
import { SCOPES } from "./access.ts";

const TIME = Type.Union([Type.String({ description: "ISO 8601" }), Type.Null()]);

export const TokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.Enum(SCOPES)),
  created: Type.String({ description: "ISO 8601" }),
  expires: TIME,
  lastUsed: TIME,
});
export type TokenAnswer = Static<typeof TokenSchema>;

/** `GET /api/v1/tokens` */
export const TokenListSchema = Type.Object({ tokens: Type.Array(TokenSchema) });

export type TokenList = Static<typeof TokenListSchema>;

/** `POST /api/v1/tokens` */
export const NewTokenSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: "^[^\\x00-\\x1f\\x7f]+$",
      description: "Whose it is, on one line; the audit log names it",
    }),
    scopes: Type.Array(Type.Enum(SCOPES), { minItems: 1, maxItems: SCOPES.length }),
    expiresDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
  },
  { additionalProperties: false },
);
export type NewTokenBody = Static<typeof NewTokenSchema>;

/** The answer to that. */
export const TokenMadeSchema = Type.Object({
  ...TokenSchema.properties,
  token: Type.String({ description: "The secret; it is shown this once" }),
});

export type TokenMade = Static<typeof TokenMadeSchema>;

export const TokenIdSchema = Type.Object({ id: Type.String({ maxLength: 64 }) });
export type TokenId = Static<typeof TokenIdSchema>;

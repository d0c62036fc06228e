import { type Static, Type } from "../../protocol/typebox.ts";
import { SCOPES } from "./access.ts";

/** Longer ones are refused by the box's own words. */
const PASSWORD = Type.String({
  minLength: 1,
  maxLength: 8192,
  description: "12 characters or more",
});

/** `GET /api/v1/session`, and the answer to logging in. */
export const SessionSchema = Type.Object({
  claimed: Type.Boolean({ description: "Whether a password is set" }),
  loggedIn: Type.Boolean(),
  csrfToken: Type.Union([Type.String(), Type.Null()], {
    description: "What unsafe requests bring as x-csrf-token; null without a session",
  }),
  caller: Type.Union([Type.String(), Type.Null()], { description: "As the audit log names it" }),
  scopes: Type.Array(Type.Enum(SCOPES)),
});
export type SessionAnswer = Static<typeof SessionSchema>;

/** `POST /api/v1/session` */
export const LoginSchema = Type.Object({ password: PASSWORD }, { additionalProperties: false });
export type Login = Static<typeof LoginSchema>;

/** `POST /api/v1/claim` */
export const ClaimSchema = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64, description: "As the panel shows it" }),
    password: PASSWORD,
  },
  { additionalProperties: false },
);
export type Claim = Static<typeof ClaimSchema>;

/** `POST /api/v1/password` */
export const PasswordSchema = Type.Object(
  {
    current: Type.Optional(
      Type.String({ maxLength: 8192, description: "The present one; not asked over the socket" }),
    ),
    password: PASSWORD,
  },
  { additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordSchema>;

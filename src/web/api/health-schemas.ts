import { type Static, Type } from "../../protocol/typebox.ts";
import { DiagnosisSchema } from "./schemas.ts";

const figure = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });
const name = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** `GET /api/v1/health?…` */
export const HealthQuerySchema = Type.Object(
  {
    enduranceTerabytes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: "In place of the configured one",
      }),
    ),
  },
  { additionalProperties: false },
);
export type HealthQuery = Static<typeof HealthQuerySchema>;

/** `GET /api/v1/health`; null is what the machine does not tell. */
export const HealthSchema = Type.Object({
  ...DiagnosisSchema.properties,
  flash: Type.Object({
    device: name("The kernel's name, such as mmcblk0"),
    fileSystem: name("Such as mmcblk0p2"),
    sinceBootBytes: figure("Written to the device since the machine was started"),
    sinceBootBytesPerDay: figure("The pace of that, once the machine runs for an hour"),
    sinceInstallBytes: figure("Written to the file system since the box was installed"),
    sinceInstallBytesPerDay: figure("The pace of that"),
    lifetimeBytes: figure("Written to the file system since it was made"),
    enduranceBytes: figure("What the maker states; null if nobody entered it"),
    leftDays: figure("How much longer it lasts at that pace"),
    errors: figure("That the file system has found"),
    freeBytes: figure("Where the state is kept"),
  }),
  lowVoltage: Type.Union([Type.Boolean(), Type.Null()]),
  temperatureCelsius: figure("Of the processor"),
  uptimeSeconds: Type.Integer({ description: "Of the machine" }),
});
export type HealthAnswer = Static<typeof HealthSchema>;

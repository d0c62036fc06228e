/** Of the form in which the box posts every alert. */
export const WEBHOOK_EXAMPLE = {
  type: "alert.raised",
  timestamp: "2030-01-31T14:06:00.000Z",
  data: {
    id: "7f0c2a4e-6d1b-4f7e-9d3a-51c08e2b9a46",
    key: "threshold-lost:editor",
    kind: "threshold-lost",
    severity: "critical",
    since: "2030-01-31T14:05:00.000Z",
    sentence: "Example Editor is not activated any more: 24 of 25 machines have asked.",
    remedy: "Let one more machine ask.",
    box: { hostname: "kms", host: "thumbprint of the host key", version: "0.1.0" },
  },
};

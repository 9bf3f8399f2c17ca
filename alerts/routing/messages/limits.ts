/**
 * How long messages may be. What a provider publishes stands as published: past it the message is refused, or cut wherever
 * the limit falls. Characters, where nothing else is said.
 */
export const limits = {
  /** Events API v2: a summary of 1 to 1,024. Ours: of a larger group so many alerts in the details, 512 KB in all. */
  pagerduty: { summary: 1024, alerts: 50 },
  /** Alertmanager cuts a title at 1,024. Slack advises 4,000 for a text; counted in bytes here, which are at least as many. */
  slack: { title: 1024, text: 4000, list: 2500 },
  /** Alert API: a message of 1 to 130, a description of 15,000. */
  opsgenie: { message: 130, text: 15_000, list: 10_000 },
  /**
   * SNS publishes 1,600 bytes for a text message, 100 characters of ASCII for a subject. Ours: 400 characters, three or four
   * parts of a message, and at most 1,600 bytes.
   */
  sms: { message: 400, subject: 100 },
  /** Nobody publishes limits; a subject is read on a phone. */
  email: { subject: 200, text: 100_000, list: 80_000, alerts: 50 },
} as const;

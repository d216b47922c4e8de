/** What the server and the page's script share. */

/** The answer of `GET /accept/{token}/status`: which view is current, and for how long it is valid. */
export interface PageStatus {
  /** A state of the page, or `unknown` for a link that is not valid, or `unavailable` while Temporal cannot be reached. */
  state: string;
  /** Equal for two states exactly when the same view shows both. */
  version?: string;
  remainingMs?: number;
}

/** How the page writes a time: the server in UTC, the script in the browser's time zone. */
export const TIME_FORMAT = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/** Tells the developers of a host what they must do differently. Its message is safe to show to any caller. */
export class ConnectionsMisuseError extends Error {
  override readonly name = 'ConnectionsMisuseError';
}

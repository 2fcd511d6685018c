/** Reports an invalid argument. The message names the argument and never repeats the value. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  /** @param isTooLong whether the argument is longer than its limit */
  constructor(
    message: string,
    readonly isTooLong = false,
  ) {
    super(message);
  }
}

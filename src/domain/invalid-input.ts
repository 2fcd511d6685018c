/** Reports an argument that cannot be right. Its message names the argument and never repeats the value. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

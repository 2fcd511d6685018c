/** Says why a gateway gave no answer that is one. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
}

import type { SandboxConnection } from './store.js';

/** A generation of the Platform API, named by the first segment of its user path. */
export type SandboxGeneration = 'connections' | 'users' | 'contexts';

/** Layout of a 200: the parts side by side, as documented, or inside `connection`, as observed. */
export type Envelope = 'siblings' | 'nested';

/** Name of the access token's field, which depends on the generation of the API. */
export type TokenField = 'access_token' | 'credential' | 'access_credential';

/** Creates the body of a 200. */
export function toBody(connection: SandboxConnection, envelope: Envelope, tokenField: TokenField): object {
  const { id, enabled, connector } = connection;
  const authorization = connection.authorization && renameToken(connection.authorization, tokenField, connector);
  return envelope === 'siblings'
    ? { connection: { id, enabled }, connector, authorization }
    : { connection: { id, enabled, connector, authorization } };
}

function renameToken(
  { access_token, ...authorization }: NonNullable<SandboxConnection['authorization']>,
  tokenField: TokenField,
  { name, slug }: SandboxConnection['connector'],
): object {
  const authorizer = { client_id: 'sandbox', prototype: { name, slug } };
  return { ...authorization, [tokenField]: access_token, authorizer };
}

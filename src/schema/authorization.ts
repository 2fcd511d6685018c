import type { Authorization } from '../domain/connection.js';
import type { Access } from './access.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';

export function addAuthorization(builder: Builder, access: Access) {
  const status = builder.enumType(builder.typeName('AuthorizationStatus'), {
    description: 'The status of an authorization.',
    values: {
      ACTIVE: { description: 'The third party granted access.' },
      AWAITING_CALLBACK: { description: 'A person has not finished granting access at the third party.' },
      RETRIEVING_TOKENS: { description: 'Access is granted, and the platform is fetching the tokens.' },
      ERROR: { description: 'Granting, refreshing or using the access failed: see `errorCode`.' },
      UNKNOWN: { description: 'A status that this version does not know: see `platformStatus`.' },
    },
  });

  const authorization = builder.objectRef<Authorization>(builder.typeName('Authorization'));
  return authorization.implement({
    description: 'The grant behind a connection: its status and, while the connection is ACTIVE, its access token.',
    fields: (t) => ({
      id: t.id({
        nullable: true,
        description: "The platform's id of the authorization.",
        resolve: ({ details }) => details().id,
      }),
      status: t.expose('status', { type: status, description: 'The status of the authorization.' }),
      platformStatus: t.string({
        description: "The platform's word for the status.",
        resolve: ({ details }) => details().platformStatus,
      }),
      displayLabel: t.string({
        nullable: true,
        description: 'The name of the account at the third party, such as the name of a workspace.',
        resolve: ({ details }) => details().displayLabel,
      }),
      errorCode: t.string({
        nullable: true,
        description: 'The error code, often one of OAuth 2.0, such as `invalid_grant`.',
        resolve: ({ details }) => details().errorCode,
      }),
      errorMessage: t.string({
        nullable: true,
        description: "The third party's error message: at most 1,024 characters, without control characters.",
        resolve: ({ details }) => details().errorMessage,
      }),
      accessToken: t.string({
        nullable: true,
        description:
          "The third party's current access token, which is a secret. Requires the scope `tokens:read`. Null unless the connection's " +
          'state is ACTIVE. Never store it: send the query again when you need the token again.',
        ...builder.needsScope('tokens:read'),
        resolve: ({ key, accessToken }, _, context, info) => {
          const field = { request: requireConnectionsRequest(context), key, info };
          const wait = access.require(field, 'tokens:read');
          if (wait) return wait.then(() => accessToken && access.reveal(field, accessToken));
          return accessToken && access.reveal(field, accessToken);
        },
      }),
      accessTokenFingerprint: t.string({
        nullable: true,
        description:
          'The first 16 hex digits of the SHA-256 of `accessToken`. Distinguishes tokens, and is safe to log.',
        resolve: ({ accessToken }) => accessToken?.fingerprint ?? null,
      }),
    }),
  });
}

import type { Authorization } from '../domain/connection.js';
import type { Access } from './access.js';
import type { Builder } from './builder.js';
import { requireConnectionsRequest } from './context.js';

export function addAuthorization(builder: Builder, access: Access) {
  const status = builder.enumType(builder.typeName('AuthorizationStatus'), {
    description: 'Where an authorization stands.',
    values: {
      ACTIVE: { description: 'The third party granted access.' },
      AWAITING_CALLBACK: { description: 'A person has not finished granting access at the third party.' },
      RETRIEVING_TOKENS: { description: 'Access is granted; the platform is fetching the tokens.' },
      ERROR: { description: 'Granting, refreshing or using the access failed; see `errorCode`.' },
      UNKNOWN: { description: 'A status that this version does not know; see `platformStatus`.' },
    },
  });

  const authorization = builder.objectRef<Authorization>(builder.typeName('Authorization'));
  return authorization.implement({
    description: 'The grant behind a connection: its status and, while the connection is ACTIVE, its access token.',
    fields: (t) => ({
      id: t.id({
        nullable: true,
        description: "The platform's own id of the authorization.",
        resolve: ({ details }) => details().id,
      }),
      status: t.expose('status', { type: status, description: 'Where the authorization stands.' }),
      platformStatus: t.string({
        description: "The platform's own word for the status.",
        resolve: ({ details }) => details().platformStatus,
      }),
      displayLabel: t.string({
        nullable: true,
        description: 'Which account at the third party it is, such as a workspace name.',
        resolve: ({ details }) => details().displayLabel,
      }),
      errorCode: t.string({
        nullable: true,
        description: 'What went wrong, often an OAuth 2.0 error code such as `invalid_grant`.',
        resolve: ({ details }) => details().errorCode,
      }),
      errorMessage: t.string({
        nullable: true,
        description:
          "What went wrong, in the third party's words: at most 1,024 characters, control characters removed.",
        resolve: ({ details }) => details().errorMessage,
      }),
      accessToken: t.string({
        nullable: true,
        description:
          "The third party's current access token. A secret; needs the scope `tokens:read`. Null unless the connection's " +
          'state is ACTIVE. Never keep it: ask again when it is needed again.',
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
        description: 'The first 16 hex digits of the SHA-256 of `accessToken`: tells tokens apart and is safe to log.',
        resolve: ({ accessToken }) => accessToken?.fingerprint ?? null,
      }),
    }),
  });
}

import type { RepairLink } from '../domain/repair-link.js';
import type { Builder } from './builder.js';
import type { UrlRef } from './url.js';

export function addRepairLink(builder: Builder, url: UrlRef) {
  const action = builder.enumType(builder.typeName('RepairAction'), {
    description: 'The action that a person takes on the page of a repair link.',
    values: {
      SET_UP: { description: 'Connect the app for the first time, or again after disconnecting it.' },
      FINISH: { description: 'Finish connecting the app.' },
      REPAIR: { description: 'Reconnect the app.' },
    },
  });

  const reason = builder.enumType(builder.typeName('TokenUnavailableReason'), {
    description: 'Why a connection has no usable access token.',
    values: {
      NOT_FOUND: { description: 'The platform does not know the owner, or has no such connector.' },
      NOT_ENABLED: { description: 'The owner has not connected the app, or has disconnected it.' },
      AUTHORIZATION_MISSING: { description: 'The connection is enabled, but has no authorization.' },
      AUTHORIZATION_PENDING: { description: 'The authorization is not finished.' },
      AUTHORIZATION_ERROR: { description: 'The authorization failed, expired or was revoked.' },
      TOKEN_MISSING: { description: 'The authorization is active, but has no token that a request header can carry.' },
      TOKEN_REJECTED: { description: 'The only token is the one that the caller reported as rejected.' },
      UNKNOWN_STATUS: { description: 'The authorization has a status that this version does not know.' },
    },
  });

  const repairLink = builder.objectRef<RepairLink>(builder.typeName('RepairLink'));
  return repairLink.implement({
    description: 'The page where a person sets up, finishes or repairs a connection, and why that is necessary.',
    fields: (t) => ({
      url: t.expose('url', { type: url, description: "The connector's page in the catalog. Holds no secret." }),
      action: t.expose('action', { type: action, description: 'The action that the person takes there.' }),
      reason: t.expose('reason', { type: reason, description: 'Why the connection has no usable access token.' }),
    }),
  });
}

import type { SeedConnection, SandboxSeed } from './store.js';

const connector = (slug: string, name: string, short_description: string) => ({
  slug,
  name,
  short_description,
  mark_url: `https://assets.example.com/${slug}.png`,
  about: `**${name}** in the sandbox: an app that does not exist.`,
  description: `Connect ${name} to see what a connection looks like.`,
  supports_multiple_connections: slug === 'slack',
});

const connected = (displayLabel: string): SeedConnection => ({ enabled: true, status: 'active', displayLabel });
const revoked: SeedConnection = {
  enabled: true,
  status: 'error',
  displayLabel: 'Acme',
  errorCode: 'invalid_grant',
  errorMessage: 'Token has been revoked',
};

/**
 * The people of the sandbox, who show every state of the contract. `docs/sandbox.md` lists them. `alice` shows each
 * state with a different connector. Each of the others shows one case.
 */
export const DEFAULT_SEED: SandboxSeed = {
  connectors: [
    connector('slack', 'Slack', 'Team messaging'),
    connector('github', 'GitHub', 'Code hosting'),
    connector('salesforce', 'Salesforce', 'Customer relations'),
    connector('hubspot', 'HubSpot', 'Marketing'),
    connector('google-drive', 'Google Drive', 'File storage'),
    connector('dropbox', 'Dropbox', 'File storage'),
    connector('jira', 'Jira', 'Issue tracking'),
    connector('zendesk', 'Zendesk', 'Customer support'),
    connector('notion', 'Notion', 'Notes'),
  ],
  users: {
    alice: {
      slack: [connected('Acme Workspace')],
      github: [revoked],
      salesforce: [{ enabled: true, status: 'awaiting_callback' }],
      hubspot: [{ enabled: true, status: 'retrieving_tokens' }],
      // google-drive: provisioned, never connected.
      dropbox: [{ ...connected('Old Dropbox'), enabled: false }],
      jira: [{ enabled: true }],
      zendesk: [{ enabled: true, status: 'active', withoutToken: true }],
      notion: [{ enabled: true, status: 'reviewing' }],
    },
    bob: { slack: [revoked] },
    carol: { slack: [connected('Acme Workspace')] },
    dave: {},
    erin: {
      slack: [{ ...connected('Short-lived tokens'), expired: true }],
      github: [{ ...connected('Access withdrawn'), expired: true, refreshFails: true }],
    },
    frank: { slack: [revoked, connected('Second workspace')] },
    'auth0|grace/ops@example.com': { slack: [connected('Grace')] },
  },
  groups: {
    acme: ['bob', 'carol'],
    newcomers: ['dave'],
    'broken-inc': ['bob'],
  },
};

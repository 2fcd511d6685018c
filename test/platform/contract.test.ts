import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPlatformClient, type PlatformClient } from '../../src/platform/client.js';
import type { Transport } from '../../src/platform/transport.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import {
  createSandbox,
  type ListeningSandbox,
  SANDBOX_CREDENTIALS,
  type SandboxOptions,
} from '../../src/sandbox/index.js';

/** A Platform API to test the client against, and the ids of its test data. */
interface Platform {
  readonly client: PlatformClient;
  readonly wrongKeyClient: PlatformClient;
  /** A user with a usable connection to the connector below. */
  readonly userId: string;
  readonly connectorSlug: string;
  readonly groupId: string | undefined;
  close(): Promise<void>;
}

const variants: SandboxOptions[] = (['connections', 'users', 'contexts'] as const).flatMap((generation) =>
  (['siblings', 'nested'] as const).map((envelope) => ({ generation, envelope })),
);
for (const options of [...variants, { generation: 'contexts', tokenField: 'access_credential' } as const]) {
  const name = `sandbox, generation ${options.generation}, ${options.envelope ?? options.tokenField}`;
  describeContract(`${name}, by ofetch`, () => startSandbox(options, () => undefined));
  describeContract(`${name}, by undici`, () => startSandbox(options, createUndiciTransport));
}

const tenant = process.env;
if (tenant['XKIT_TEST_USER_ID']) describeContract('real tenant', async () => connectTenant());

/** Tests the contract between the client and a Platform API, either the sandbox or a real tenant. */
function describeContract(name: string, connect: () => Promise<Platform>) {
  describe(`the platform client over the ${name}`, () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await connect();
    });
    afterAll(() => platform.close());

    it('reads a usable token of a user', async () => {
      const { client, userId: ownerId, connectorSlug } = platform;
      const reading = await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug });
      expect(reading).toMatchObject({ found: true, enabled: true, authorization: { status: 'active' } });
      expect(reading.found && reading.authorization?.accessToken?.reveal()).toMatch(/^\S+$/);
    });

    it('reads a usable token of a group', async ({ skip }) => {
      const { client, groupId: ownerId, connectorSlug } = platform;
      if (ownerId === undefined) return skip('XKIT_TEST_GROUP_ID is not set');
      const reading = await client.readConnection({ ownerKind: 'GROUP', ownerId, connectorSlug });
      expect(reading).toMatchObject({ found: true, enabled: true, authorization: { status: 'active' } });
    });

    it('returns not found for a user who is not provisioned', async () => {
      const { client, connectorSlug } = platform;
      const ownerId = 'xkit-graphql-contract-test|nobody/../else';
      expect(await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug })).toEqual({ found: false });
    });

    it('returns not found for a connector that does not exist', async () => {
      const { client, userId: ownerId } = platform;
      const connectorSlug = 'xkit-graphql-no-such-connector';
      expect(await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug })).toEqual({ found: false });
    });

    it('fails with PLATFORM_AUTH_FAILED if the key is wrong', async () => {
      const { wrongKeyClient, userId: ownerId, connectorSlug } = platform;
      const reading = wrongKeyClient.readConnection({ ownerKind: 'USER', ownerId, connectorSlug });
      await expect(reading).rejects.toMatchObject({ code: 'PLATFORM_AUTH_FAILED' });
    });
  });
}

async function startSandbox(options: SandboxOptions, createTransport: () => Transport | undefined): Promise<Platform> {
  const sandbox: ListeningSandbox = await createSandbox(options).listen();
  const { publishableKey, secretKey } = SANDBOX_CREDENTIALS;
  const base = { publishableKey, apiUrl: sandbox.apiUrl, generation: options.generation ?? 'connections' };
  return toPlatform(
    { ...base, secretKey, transport: createTransport() },
    { userId: 'alice', connectorSlug: 'slack', groupId: 'acme' },
    () => sandbox.close(),
  );
}

async function connectTenant(): Promise<Platform> {
  const variable = (name: string) => {
    const value = tenant[name];
    if (!value) throw new Error(`Set ${name} as well: the contract suite needs it for a real tenant.`);
    return value;
  };
  return toPlatform(
    {
      publishableKey: variable('XKIT_PUBLISHABLE_KEY'),
      secretKey: variable('XKIT_SECRET_KEY'),
      ...(tenant['XKIT_API_URL'] && { apiUrl: tenant['XKIT_API_URL'] }),
      ...(tenant['XKIT_API_GENERATION'] && { generation: tenant['XKIT_API_GENERATION'] as 'connections' }),
    },
    {
      userId: variable('XKIT_TEST_USER_ID'),
      connectorSlug: variable('XKIT_TEST_CONNECTOR'),
      groupId: tenant['XKIT_TEST_GROUP_ID'],
    },
    async () => undefined,
  );
}

function toPlatform(
  options: Parameters<typeof createPlatformClient>[0],
  owners: Pick<Platform, 'userId' | 'connectorSlug' | 'groupId'>,
  closePlatform: () => Promise<void>,
): Platform {
  const client = createPlatformClient(options);
  const wrongKeyClient = createPlatformClient({ ...options, secretKey: 'wrong' });
  return {
    ...owners,
    client,
    wrongKeyClient,
    close: async () => {
      await Promise.all([client.close(), wrongKeyClient.close()]);
      await closePlatform();
    },
  };
}

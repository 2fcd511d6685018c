import * as z from 'zod';
import { readBody } from '../../platform/body.js';
import { toTransportError } from '../../platform/errors.js';
import type { GatewayConfiguration } from '../../server/config/configuration.js';
import { GatewayError, type QueryAnswer, type Question, toOperation } from './question.js';

/** Timeout in milliseconds. It is longer than a gateway's deadline for its lookups. */
const TIMEOUT_MS = 15_000;
/** Maximum size of a response, in bytes: several times that of a platform response. */
const MAX_ANSWER_BYTES = 4 * 1_048_576;

const text = z.string().nullish();

/** The shape that a response must have to be shown. */
const ANSWER = z
  .object({
    data: z
      .object({
        connection: z
          .object({
            connectorSlug: z.string(),
            ownerKind: z.string(),
            ownerId: z.string(),
            state: z.string(),
            connector: z.object({ name: text }),
            authorization: z
              .object({
                status: text,
                platformStatus: text,
                displayLabel: text,
                errorCode: text,
                errorMessage: text,
                accessToken: text,
                accessTokenFingerprint: text,
              })
              .nullish(),
            repairLink: z.object({ url: text, action: text, reason: text }).nullish(),
          })
          .nullable(),
      })
      .nullish(),
    errors: z.array(z.object({ message: z.string(), extensions: z.object({}).nullish() })).optional(),
  })
  .refine(({ data, errors = [] }) => Boolean(data?.connection) || errors.length > 0);

/**
 * Reads one connection from a gateway, as one of its callers.
 *
 * @throws {GatewayError} without a valid response
 */
export async function askGateway(
  url: string,
  { credentials, prefixes }: GatewayConfiguration,
  question: Question,
): Promise<QueryAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${credentials}`, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(toOperation(question, prefixes)),
    // A redirect must not receive the key.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const { reason = 'no response' } = toTransportError(error);
    throw new GatewayError(
      `The gateway at --url cannot be reached: ${reason}. Check that it is running and that --url is correct.`,
    );
  });
  const answer: unknown = await readJson(response).catch(() => null);
  if (ANSWER.safeParse(answer).success) return answer as QueryAnswer;
  throw new GatewayError(
    `The server at --url is not a gateway: it responds with HTTP ${response.status}. Check the path: it is /graphql, unless a proxy changes it.`,
  );
}

async function readJson({ body }: Response): Promise<unknown> {
  const bytes = await readBody(body, MAX_ANSWER_BYTES);
  return bytes && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

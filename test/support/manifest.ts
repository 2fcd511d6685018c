import { print } from 'graphql';

import { ID_DOCUMENTS } from '../server/suites/ids.js';
import * as operations from './operations.js';

/** The text of every operation that the suites send with variables, as in a manifest of trusted documents. */
export const MANIFEST: readonly string[] = [
  ...Object.values(operations).map((document) => print(document)),
  ...ID_DOCUMENTS,
];

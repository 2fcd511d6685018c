/** Connectors that have a label of their own at most. */
const MAX_CONNECTORS = 100;
const OTHER = 'other';

/** Gives the label of a connector by its slug, and whether the platform has found a connection of it. */
export type ConnectorLabel = (slug: string, isFound: boolean) => string;

/**
 * Creates what names connectors in metrics, logs and traces.
 *
 * A caller chooses the slug, and may choose any: it becomes a label only once the platform has found such a connection,
 * in lower case, and only while there are few. Any other is `other`.
 *
 * @param connectors the slugs that may be asked for; then those are the labels, and no others
 */
export function createConnectorLabel(connectors: readonly string[] | undefined): ConnectorLabel {
  const known = new Set([OTHER, ...(connectors ?? []).map((slug) => slug.toLowerCase())]);
  return (slug, isFound) => {
    const connector = slug.toLowerCase();
    if (known.has(connector)) return connector;
    // `other` is one of them.
    if (!isFound || connectors !== undefined || known.size > MAX_CONNECTORS) return OTHER;
    known.add(connector);
    return connector;
  };
}

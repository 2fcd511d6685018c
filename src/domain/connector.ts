/** A third-party app as the Platform API describes it. Only the slug is always present. */
export interface Connector {
  readonly slug: string;
  readonly name: string | null;
  readonly shortDescription: string | null;
  /** Absolute http(s) URL of the logo. */
  readonly markUrl: string | null;
  /** Markdown. */
  readonly about: string | null;
  /** Markdown. */
  readonly description: string | null;
}

/** Creates a connector of which only the slug is known. */
export function toBareConnector(slug: string): Connector {
  return { slug, name: null, shortDescription: null, markUrl: null, about: null, description: null };
}

/** Describes a third-party app as the Platform API shows it. Only the slug is always there. */
export interface Connector {
  readonly slug: string;
  readonly name: string | null;
  readonly shortDescription: string | null;
  /** Address of the logo: an absolute http(s) URL. */
  readonly markUrl: string | null;
  /** Markdown. */
  readonly about: string | null;
  /** Markdown. */
  readonly description: string | null;
}

/** Makes the connector of which nothing but its slug is known. */
export function toBareConnector(slug: string): Connector {
  return { slug, name: null, shortDescription: null, markUrl: null, about: null, description: null };
}

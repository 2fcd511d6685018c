import type { Connector } from '../domain/connector.js';
import type { Builder } from './builder.js';
import type { UrlRef } from './url.js';

export function addConnector(builder: Builder, url: UrlRef) {
  const connector = builder.objectRef<Connector>(builder.typeName('Connector'));
  return connector.implement({
    description:
      'A third-party app that owners can connect. Every field but `slug` is null if the platform does not provide it.',
    fields: (t) => ({
      slug: t.exposeString('slug', {
        description: "The connector's short name in the platform's spelling, such as `slack`.",
      }),
      name: t.exposeString('name', { nullable: true, description: 'The display name, such as `Slack`.' }),
      shortDescription: t.exposeString('shortDescription', { nullable: true, description: 'A line about the app.' }),
      markUrl: t.expose('markUrl', { type: url, nullable: true, description: "The URL of the app's logo." }),
      about: t.exposeString('about', { nullable: true, description: 'A text about the app, in Markdown.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'The benefits of connecting the app, in Markdown.',
      }),
    }),
  });
}

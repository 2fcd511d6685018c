import type { Connector } from '../domain/connector.js';
import type { Builder } from './builder.js';
import type { UrlRef } from './url.js';

export function addConnector(builder: Builder, url: UrlRef) {
  const connector = builder.objectRef<Connector>(builder.typeName('Connector'));
  return connector.implement({
    description:
      'A third-party app that owners can be connected to. All but the slug is there only if the platform says it.',
    fields: (t) => ({
      slug: t.exposeString('slug', {
        description: "The connector's short name in the platform's own spelling, such as `slack`.",
      }),
      name: t.exposeString('name', { nullable: true, description: 'The name to show, such as `Slack`.' }),
      shortDescription: t.exposeString('shortDescription', { nullable: true, description: 'One line about the app.' }),
      markUrl: t.expose('markUrl', { type: url, nullable: true, description: "Address of the app's logo." }),
      about: t.exposeString('about', { nullable: true, description: 'About the app, in Markdown.' }),
      description: t.exposeString('description', {
        nullable: true,
        description: 'What connecting the app is good for, in Markdown.',
      }),
    }),
  });
}

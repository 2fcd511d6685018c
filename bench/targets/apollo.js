// A benchmark peer: Apollo Server with its REST data source, which sends identical requests only once.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { RESTDataSource } from '@apollo/datasource-rest';

import { announce, PLATFORM_HEADERS, PLATFORM_URL, toConnection, toPath, toUserKey, typeDefs } from './schema.js';

class Platform extends RESTDataSource {
  baseURL = `${PLATFORM_URL}/`;

  willSendRequest(_path, request) {
    Object.assign(request.headers, PLATFORM_HEADERS);
  }

  async getConnection(key) {
    try {
      return toConnection(key, await this.get(toPath(key).slice(1)));
    } catch (error) {
      if (error.extensions?.response?.status === 404) return toConnection(key, null);
      throw error;
    }
  }
}

const resolvers = {
  Query: {
    userConnection: (_, args, { platform }) => platform.getConnection(toUserKey(args)),
    connections: (_, { keys }, { platform }) => keys.map((key) => platform.getConnection(key)),
  },
};

const server = new ApolloServer({ typeDefs, resolvers, stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT ?? 0) },
  context: async () => ({ platform: new Platform({ cache: server.cache }) }),
});
announce(new URL(url).port);

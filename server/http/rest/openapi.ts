// /kafka/v3/openapi.json: the document of this API, made from its own table of routes.
import { restError } from '@/lib/contracts/kafka-rest';
import { describedRoutes, openApiDocument, openApiJson } from '../openapi/document';
import { type DescribedRestHandler, restRoute } from './dialect';

type Table = Parameters<typeof describedRoutes>[0];

/** @param table asked for at each request, because this route stands in it */
export const getRestOpenApi = (table: () => Table): DescribedRestHandler =>
  restRoute({
    access: 'viewer',
    response: openApiJson,
    handler: ({ runtime }) =>
      openApiDocument(describedRoutes(table()), {
        title: 'Landbridge REST API v3',
        version: runtime.version,
        description: 'Cluster Linking calls of the Kafka REST API v3. 64-bit integers are JSON integers.',
        server: '/kafka/v3',
        error: restError,
      }),
  });

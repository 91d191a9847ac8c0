// Completes a route file: methods that it does not have answer 405 in the API's own error shape, and name those that it has.
import { LandbridgeError } from '@/server/errors';
import { runningRuntime } from '@/server/running';
import {
  answer,
  apiDialect,
  type Described,
  type Dialect,
  identify,
  type RouteHandler,
} from './define-route';
import { checkHost } from './door';

export const methodNames = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type MethodName = (typeof methodNames)[number];
export type Methods = Partial<Record<MethodName, RouteHandler & Partial<Described>>>;

export function methods(own: Methods): Record<MethodName, RouteHandler> {
  const refuse: RouteHandler = (request) => refuseMethod(apiDialect, request, own);
  return {
    GET: own.GET ?? refuse,
    POST: own.POST ?? refuse,
    PUT: own.PUT ?? refuse,
    PATCH: own.PATCH ?? refuse,
    DELETE: own.DELETE ?? refuse,
  };
}

export async function refuseMethod(dialect: Dialect, request: Request, own: Methods): Promise<Response> {
  const allowed = Object.keys(own).join(', ');
  const open = Object.values(own).some(({ definition }) => definition?.access === 'anonymous');
  const response = await answer(dialect, request, async () => {
    await letIn(request, open ? 'anonymous' : 'signedIn');
    const { pathname } = new URL(request.url);
    throw new LandbridgeError('METHOD_NOT_ALLOWED', `${pathname} takes ${allowed}, not ${request.method}.`);
  });
  if (response.status === 405) response.headers.set('allow', allowed);
  return response;
}

/** An address that does not exist, said in the API's own shape. */
function notFound(dialect: Dialect, request: Request): Promise<Response> {
  return answer(dialect, request, async () => {
    await letIn(request, 'signedIn');
    const { pathname } = new URL(request.url);
    throw new LandbridgeError('NOT_FOUND', `There is nothing at ${pathname}. Check the address.`);
  });
}

/** All methods of a catch-all route. */
export function unknownAddress(dialect: Dialect): Record<MethodName, RouteHandler> {
  const nothingHere: RouteHandler = (request) => notFound(dialect, request);
  return {
    GET: nothingHere,
    POST: nothingHere,
    PUT: nothingHere,
    PATCH: nothingHere,
    DELETE: nothingHere,
  };
}

/** Also which addresses and methods there are is told to nobody who has not said who they are. */
export async function letIn(request: Request, access: 'anonymous' | 'signedIn'): Promise<void> {
  const runtime = runningRuntime();
  checkHost(request.headers, runtime.config);
  await identify(runtime, request.headers, { access });
}

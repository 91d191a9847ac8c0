// Compares all mirrors of a link with their sources, record by record: begin, give up.
import { validateOnlyQuery } from '@/lib/contracts/api';
import { sweepAnswer } from '@/lib/contracts/verify';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: linkPath,
    query: validateOnlyQuery,
    response: sweepAnswer,
    handler: ({ runtime, actor, params, query }) =>
      runtime.verification.startSweep(actor, params, query.validate_only),
  }),
  DELETE: defineRoute({
    access: 'operator',
    params: linkPath,
    query: validateOnlyQuery,
    response: sweepAnswer,
    handler: ({ runtime, actor, params, query }) =>
      runtime.verification.cancelSweep(actor, params, query.validate_only),
  }),
});

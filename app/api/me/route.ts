// Who asks, with which roles: for the console's frame, and for a program that wants to know what its key may do.
import { me } from '@/lib/contracts/access';
import { meOf } from '@/server/access/me';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'signedIn',
    response: me,
    handler: ({ actor }) => meOf(actor),
  }),
});

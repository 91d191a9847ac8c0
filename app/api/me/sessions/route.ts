// The own open sessions.
import { ownSessions } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'signedIn',
    response: ownSessions,
    handler: async ({ runtime, actor }) => {
      const sessions = await runtime.entrance.account.sessions(actor);
      return {
        sessions: sessions.map(({ id, current, address, userAgent, ...at }) => ({
          id,
          current,
          address,
          userAgent,
          signedInAt: at.signedInAtMs,
          lastSeenAt: at.lastSeenAtMs,
          expiresAt: at.expiresAtMs,
        })),
      };
    },
  }),
});

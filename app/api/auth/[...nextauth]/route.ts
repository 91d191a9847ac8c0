// Signing in and out by next-auth: csrf, callback, signin and signout only. The one route without defineRoute; see handle.ts.
import { handleAuth } from '@/server/http/auth/handle';

type Context = { params: Promise<{ nextauth: string[] }> };

const handle = async (request: Request, { params }: Context) => handleAuth(request, (await params).nextauth);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };

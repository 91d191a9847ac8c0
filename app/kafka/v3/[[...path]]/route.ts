// The Confluent-compatible REST API. One catch-all, because its verbs hold a colon, which a folder matches in one spelling only.
import { handleRest } from '@/server/http/rest/router';

const handle = (request: Request) => handleRest(request);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };

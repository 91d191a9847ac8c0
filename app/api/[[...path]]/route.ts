// Addresses of /api that do not exist, answered in the API's own error shape.
import { apiDialect } from '@/server/http/define-route';
import { unknownAddress } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = unknownAddress(apiDialect);

// Addresses of /api that do not exist, answered in the API's own error shape.
import { unknownAddress } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = unknownAddress;

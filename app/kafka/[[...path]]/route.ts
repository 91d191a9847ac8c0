// Addresses of /kafka outside /kafka/v3, answered in the error shape of the REST API.
import { unknownAddress } from '@/server/http/methods';
import { restDialect } from '@/server/http/rest/dialect';

export const { GET, POST, PUT, PATCH, DELETE } = unknownAddress(restDialect);

// What a hub calls a console that reports to it.
import { z } from 'zod';

/** Names a file, and stands in addresses. */
export const consoleName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'A name has up to 64 letters, digits, "_" and "-".');

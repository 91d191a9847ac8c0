// What people have decided about health, told whole by the web thread to the data thread. Nothing of it is kept there.
import { z } from 'zod';
import { channel, route } from './channels';
import { ruleOverride } from './rules';
import { silence } from './silences';

export const healthSettings = z.strictObject({
  overrides: z.array(ruleOverride).default([]),
  silences: z.array(silence).default([]),
  channels: z.array(channel).default([]),
  routes: z.array(route).default([]),
  /**
   * All clusters and links that there are, as `subjectOf` names them: alerts of others are cleared as gone, because nobody will
   * sweep those any more. Null: not known here.
   */
  subjects: z.array(z.string()).nullable().default(null),
});
export type HealthSettings = z.infer<typeof healthSettings>;
/** As it is told: what has a default may be left out. */
export type HealthSettingsInput = z.input<typeof healthSettings>;

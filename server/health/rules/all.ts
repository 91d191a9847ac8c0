// All health rules, in the order in which they are listed. An id never changes its meaning: alerts and overrides are kept by it.
import type { Rule } from '../rule';
import { brokerRules } from './brokers';
import { clusterRules } from './clusters';
import { groupRules } from './groups';
import { landbridgeRules } from './landbridge';
import { linkRules } from './links';
import { mirrorRules } from './mirrors';
import { quorumRules } from './quorum';

export const rules: readonly Rule[] = [
  ...linkRules,
  ...mirrorRules,
  ...clusterRules,
  ...quorumRules,
  ...brokerRules,
  ...groupRules,
  ...landbridgeRules,
];

const byId = new Map(rules.map((one) => [one.id, one]));
export const ruleOf = (id: string): Rule | undefined => byId.get(id);

// Rules as people read them: for pages, and for docs/rules.md. Text only; nothing is judged here.
import {
  type RuleArea,
  type RuleInfo,
  type RuleThreshold,
  ruleAreas,
} from '@/lib/contracts/monitoring/rules';
import { formatDuration } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';
import { isDrawn, type Rule } from './rule';
import { rules } from './rules/all';

export function infoOf(rule: Rule): RuleInfo {
  const { id, title, area, what, why, raisedWhen, forSeconds, clearForSeconds } = rule;
  return {
    ...{ id, title, area, what, why, raisedWhen, forSeconds, clearForSeconds },
    steps: [...rule.steps],
    metrics: [rule.metric, ...rule.uses],
    counted: rule.counted,
    drawn: isDrawn(rule),
    labels: [...rule.groupBy],
    severities: rule.levels.map(({ severity }) => severity),
    thresholds: [...rule.thresholds],
    clear: clearText(rule),
    causes: [...new Set(rule.causes.map((cause) => cause.rule))],
  };
}

function clearText(rule: Rule): string {
  const { share, by } = rule.clear;
  const side = rule.raisedWhen === 'above' ? 'below' : 'above';
  const far =
    share > 0
      ? `${amount(share, 'ratio', null)} ${side} its step`
      : by > 0
        ? `${amount(by, rule.unit, rule.counted)} ${side} its step`
        : 'not so any more';
  const held = clearForSeconds(rule);
  return `${far}, ${held}`;
}

const clearForSeconds = ({ clearForSeconds: seconds }: Rule) =>
  seconds === 0 ? 'at once' : `for ${formatDuration(seconds)}`;

const areaTitle: Record<RuleArea, string> = {
  links: 'Links',
  mirrors: 'Mirror topics',
  clusters: 'Clusters and their quorum',
  brokers: 'Brokers',
  groups: 'Consumer groups',
  landbridge: 'Landbridge itself',
};

/** docs/rules.md, whole. */
export function rulesDocument(): string {
  const areas = ruleAreas.map((area) => {
    const own = rules.filter((rule) => rule.area === area);
    return `## ${areaTitle[area]}\n\n${own.map((rule) => section(infoOf(rule), rule)).join('\n')}`;
  });
  return `${introduction()}\n${areas.join('\n')}`;
}

const introduction = () => `# Health rules

*Generated from the code by \`npm run docs\`: change the rules, not this file.*

Every sweep is judged by these ${rules.length} rules, here or, in reduced infrastructure mode, at the hub that gets the reports. How an alert lives and
where it is sent: [alerts](alerts.md). What the metrics are: [metrics](metrics.md).

- A rule is **raised** when its condition has held for its *for* duration, and **cleared** when it has been over for its *clear*
  duration, by a margin where one is named. Only time that was observed counts; a restart does not begin anew.
- Where there is **no number**, nothing changes: what was raised stays raised, and the rule library says UNKNOWN and why. So it is for an
  hour, too, where the thing is there and cannot be measured: a link whose source is away has an unknown lag, not a small one; and a
  worst lag that leaves partitions out raises, and ends nothing. What is **gone** (a deleted topic, a broker that was taken away) is cleared with that reason; after a week without any number, what was raised
  is taken for lost.
- **Thresholds** and durations can be changed everywhere, for a cluster, or for a link; a link's beat those of its destination cluster, those
  beat the ones for everywhere. A rule can be switched off in the same places.
- **While a cause is raised**, the rules that follow from it send nothing: they are listed under the alert of the cause, and make it as
  grave as they are. A broker that is down is one alert.
- Severities go from INFO over WARN and ERROR to CRITICAL.
`;

function section(info: RuleInfo, rule: Rule): string {
  const steps = info.thresholds.filter(({ severity }) => severity !== null);
  const others = info.thresholds.filter(({ severity }) => severity === null);
  const word = info.raisedWhen === 'above' ? 'at or above' : 'at or below';
  const conditions =
    steps.length === 0
      ? [`raised as **${info.severities.join(', ')}**`]
      : steps.map(
          (one) => `**${one.severity}** ${word} ${numberOf(one, rule)} (\`${one.name}\`: ${lower(one.help)})`,
        );
  const lines = [
    `- *When*: ${conditions.join('; ')}; ${info.forSeconds === 0 ? 'at once' : `for ${formatDuration(info.forSeconds)}`}.`,
    `- *Over*: ${info.clear}.`,
    ...others.map((one) => `- *Also to set*: \`${one.name}\`, ${numberOf(one, rule)}: ${lower(one.help)}.`),
    `- *From*: ${info.metrics.map((metric) => `\`${metric}\``).join(', ')}; one alert for each ${info.labels.length === 0 ? 'Landbridge' : info.labels.join(', ')}.`,
    ...(info.causes.length === 0
      ? []
      : [`- *Listed under*: ${info.causes.map((cause) => `\`${cause}\``).join(', ')}.`]),
  ];
  const first = info.steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
  return `### \`${rule.id}\`: ${lower(rule.title)}\n\n${info.what} ${info.why}\n\n${lines.join('\n')}\n\n${first}\n`;
}

/** Steps are in the rule's unit; other numbers count something of their own. */
const numberOf = (one: RuleThreshold, { counted }: Rule) =>
  amount(one.default, one.unit, one.severity === null ? null : counted);
const lower = (text: string) =>
  (/^[A-Z][a-z ]/.test(text) && !/^(Landbridge|Kafka|Burrow)/.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text
  ).replace(/\.$/, '');

// Bodies for Slack (incoming webhooks, Block Kit) and Teams (Workflows, Adaptive Card). Names from clusters are escaped: they are not ours.
import type { Severity } from '@/lib/contracts/monitoring/rules';
import { formatDuration } from '@/lib/format';
import { affectedText, bodyText, headline, isOver, type Notice } from './notice';

/** Slack refuses a section of more than 3,000 characters, and a field of more than 2,000. */
const slackTextMax = 2_500;
const slackFieldMax = 1_900;
const marks: Record<Severity, string> = { INFO: '🔵', WARN: '🟡', ERROR: '🟠', CRITICAL: '🔴' };
const mark = (notice: Notice) => (isOver(notice) ? '🟢' : marks[notice.severity]);

export function slackBody(notice: Notice): string {
  const text = (shown: string) => ({ type: 'mrkdwn', text: cut(slackEscaped(shown), slackFieldMax) });
  const told = `${mark(notice)} *${slackEscaped(headline(notice))}*\n${slackEscaped(bodyText(notice))}`;
  const link = notice.link === null ? '' : `\n<${slackEscaped(notice.link)}|Open in Landbridge>`;
  const fields = facts(notice)
    .slice(0, 10)
    .map(([name, value]) => text(`${name}: ${value}`));
  const blocks = [
    { type: 'section', text: { type: 'mrkdwn', text: `${cut(told, slackTextMax)}${link}` } },
    { type: 'section', fields },
    ...(isOver(notice) ? [] : [{ type: 'context', elements: [text(`First: ${notice.steps[0] ?? ''}`)] }]),
  ];
  const plain = slackEscaped(`${headline(notice)}. ${bodyText(notice)}`);
  return JSON.stringify({ text: cut(plain, slackTextMax), blocks });
}

export function teamsBody(notice: Notice): string {
  const colours = { INFO: 'accent', WARN: 'warning', ERROR: 'attention', CRITICAL: 'attention' } as const;
  const color = isOver(notice) ? 'good' : colours[notice.severity];
  const text = (shown: string, more: object = {}) => ({
    type: 'TextBlock',
    text: cardEscaped(shown),
    wrap: true,
    ...more,
  });
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      text(headline(notice), { weight: 'bolder', size: 'medium', color }),
      text(bodyText(notice)),
      {
        type: 'FactSet',
        facts: facts(notice).map(([title, value]) => ({ title, value: cardEscaped(value) })),
      },
      ...(isOver(notice) ? [] : [text(`First: ${notice.steps[0] ?? ''}`, { isSubtle: true })]),
    ],
    ...(notice.link === null
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Landbridge', url: notice.link }] }),
  };
  const attachment = {
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content: card,
  };
  return JSON.stringify({ type: 'message', attachments: [attachment] });
}

export function facts(notice: Notice): [string, string][] {
  const affected = affectedText(notice.affected);
  const over: [string, string][] = [
    ['After', formatDuration(Math.max(0, notice.atMs - notice.createdAtMs) / 1_000)],
  ];
  return [
    ['Severity', notice.severity],
    ['Rule', notice.rule],
    ...Object.entries(notice.labels).map(([name, value]): [string, string] => [
      name.charAt(0).toUpperCase() + name.slice(1),
      value,
    ]),
    ...(notice.measured === undefined || isOver(notice)
      ? []
      : [['Value', notice.measured] as [string, string]]),
    ['Since', `${new Date(notice.createdAtMs).toISOString().slice(0, 19)}Z`],
    ...(isOver(notice) ? over : []),
    ...(affected === null ? [] : [['Affected', affected] as [string, string]]),
    ...(notice.acknowledgedBy === null
      ? []
      : [['Acknowledged by', notice.acknowledgedBy] as [string, string]]),
  ];
}

const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most)} …`);

/** https://api.slack.com/reference/surfaces/formatting#escaping */
const slackEscaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** A TextBlock knows a little Markdown. */
const cardEscaped = (text: string) => text.replace(/[\\*_`[\]#]/g, '\\$&');

/**
 * The Grafana dashboard of Landbridge's metrics, docs/grafana/landbridge.json: written by `npm run docs` from plain data about its panels. Its
 * data source is a variable, so that the same file can be imported by hand and provisioned. Pure.
 */
import type { MetricName } from '@/lib/monitoring/metrics';
import { dataSource, heights, type Json, type Panel, panelJson } from './panel';
import { brokers } from './rows/brokers';
import { clusters } from './rows/clusters';
import { glance } from './rows/glance';
import { groups } from './rows/groups';
import { landbridge } from './rows/landbridge';
import { links } from './rows/links';
import { mirrors } from './rows/mirrors';

type Row = { title: string; panels: readonly Panel[] };

export const rows: readonly Row[] = [
  { title: 'At a glance', panels: glance },
  { title: 'Links', panels: links },
  { title: 'Mirror topics', panels: mirrors },
  { title: 'Consumer groups', panels: groups },
  { title: 'Clusters', panels: clusters },
  { title: 'Brokers', panels: brokers },
  { title: 'Landbridge itself', panels: landbridge },
];

/** The file, whole. */
export const grafanaDashboard = (): string => `${JSON.stringify(dashboard(), null, 2)}\n`;

const dashboard = (): Json => ({
  id: null,
  uid: 'landbridge',
  title: 'Landbridge',
  description:
    'Links, mirror topics, consumer groups, clusters and brokers, as Landbridge tells of them at /metrics.',
  tags: ['kafka', 'landbridge'],
  ...{ timezone: 'browser', weekStart: '', fiscalYearStartMonth: 0, editable: true, graphTooltip: 1 },
  ...{ time: { from: 'now-6h', to: 'now' }, timepicker: {}, refresh: '30s', links: [] },
  // That of Grafana 11.0: later ones bring it up to theirs when they load it.
  ...{ schemaVersion: 39, version: 1 },
  annotations: { list: [ownAnnotations] },
  templating: { list: variables },
  panels: placed(),
});

/** Grafana's own, which every dashboard has. */
const ownAnnotations: Json = {
  ...{ builtIn: 1, name: 'Annotations & Alerts', type: 'dashboard', enable: true, hide: true },
  ...{ datasource: { type: 'grafana', uid: '-- Grafana --' }, iconColor: 'rgba(0, 211, 255, 1)' },
};

const variables: Json[] = [
  {
    ...{ type: 'datasource', name: 'datasource', label: 'Prometheus', query: 'prometheus', regex: '' },
    ...{ current: {}, options: [], refresh: 1, hide: 0, includeAll: false, multi: false, skipUrlSync: false },
  },
  chosen('instance', 'Console', 'landbridge_engine_up', []),
  chosen('cluster', 'Cluster', 'landbridge_cluster_reachable', ['instance']),
  chosen('link', 'Link', 'landbridge_link_state', ['instance']),
  chosen('topic', 'Mirror topic', 'landbridge_mirror_state', ['instance', 'link']),
  chosen('group', 'Group', 'landbridge_group_state', ['instance', 'cluster']),
];

/**
 * One or several values of a label, which is called as the variable is. All is `.*`: a pattern of thousands of names would be too long for a request.
 *
 * @param within variables that narrow the values down
 */
function chosen(name: string, label: string, metric: MetricName, within: readonly string[]): Json {
  const matchers = within.map((other) => `${other}=~"$${other}"`).join(',');
  const query = `label_values(${metric}${matchers && `{${matchers}}`}, ${name})`;
  return {
    ...{ type: 'query', name, label, datasource: dataSource, definition: query },
    query: { qryType: 1, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' },
    ...{ refresh: 2, regex: '', sort: 1, hide: 0, skipUrlSync: false, options: [] },
    ...{ multi: true, includeAll: true, allValue: '.*', current: { text: ['All'], value: ['$__all'] } },
  };
}

/** A line is as high as the highest of its panels. Ids are those of the row and the place in it. */
function placed(): Json[] {
  let y = 0;
  return rows.flatMap(({ title, panels }, row) => {
    const id = (row + 1) * 100;
    const head: Json = {
      ...{ id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } },
    };
    y += 1;
    let x = 0;
    let height = 0;
    const body = panels.map((panel, i): Json => {
      if (x + panel.width > 24) {
        y += height;
        x = 0;
        height = 0;
      }
      const gridPos = { x, y, w: panel.width, h: heights[panel.kind] };
      x += panel.width;
      height = Math.max(height, gridPos.h);
      return { id: id + i + 1, gridPos, ...panelJson(panel) };
    });
    y += height;
    return [head, ...body];
  });
}

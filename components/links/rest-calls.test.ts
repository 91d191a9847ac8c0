import { describe, expect, it } from 'vitest';
import { createCalls, mirrorCall } from './rest-calls';

const plan = {
  name: 'dc1-to-cloud',
  sourceClusterId: 'SRC',
  destinationClusterId: 'DST',
  settings: { 'mirror.start.offset.spec': 'latest' as const },
  topics: ['orders', 'clicks', 'payments', 'returns', 'invoices'],
  replicationFactor: 3,
};

describe('the REST request to copy', () => {
  it('creates the link on the destination, then its mirrors, with nothing but what was chosen', () => {
    const text = createCalls('http://127.0.0.1:3000', plan);
    expect(text).toContain(
      "curl -X POST 'http://127.0.0.1:3000/kafka/v3/clusters/DST/links?link_name=dc1-to-cloud'",
    );
    expect(text).toContain('"source_cluster_id": "SRC"');
    expect(text).toContain('"name": "mirror.start.offset.spec"');
    expect(text).toContain('"source_topic_name": "orders"');
    expect(text).toContain('"replication_factor": 3');
    expect(text).toContain('# and the same for 2 more topics');
    expect(text).not.toContain('segment.ms');
    const own = createCalls('http://h', { ...plan, configs: { 'segment.ms': '60000' } });
    expect(own).toContain('"name": "segment.ms",\n      "value": "60000"');
  });

  it('says where an id is missing instead of leaving it out', () => {
    expect(mirrorCall('http://h', null, 'l', 't')).toBe(
      "curl -X GET 'http://h/kafka/v3/clusters/<destination cluster id>/links/l/mirrors/t'",
    );
  });

  it('leaves the replication factor to the destination when none was chosen', () => {
    expect(createCalls('http://h', { ...plan, replicationFactor: null })).not.toContain('replication_factor');
  });
});

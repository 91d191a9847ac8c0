// What rights are called, which of them are missing, and the command that grants them.
import { describe, expect, it } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import { grantCommand, missingMessage, missingTopicRights, principalOf, TOPIC_RIGHTS } from './rights';

const cluster = (security: object) =>
  clusterConfig.parse({ name: 'dc1', bootstrapServers: ['k1:9092', 'k2:9092'], security });
const sasl = (fields: object) => cluster({ protocol: 'SASL_SSL', sasl: fields });
const link = sasl({ mechanism: 'SCRAM-SHA-512', username: 'link', password: 'x' });
const bits = (...codes: number[]) => codes.reduce((sum, code) => sum | (1 << code), 0);
const names = (side: 'SOURCE' | 'DESTINATION', operations: number | null) =>
  missingTopicRights(side, operations).map(({ operation }) => operation);

describe('the rights on a topic', () => {
  it('are read from the bits that Metadata tells (KIP-430)', () => {
    expect(names('SOURCE', bits(3, 8, 10))).toEqual([]);
    expect(names('SOURCE', bits(8))).toEqual(['READ', 'DESCRIBE_CONFIGS']);
    expect(names('DESTINATION', bits(3, 4, 6, 7, 8, 10, 11))).toEqual([]);
    expect(names('DESTINATION', bits(3, 4, 8))).toEqual(['DELETE', 'ALTER', 'ALTER_CONFIGS']);
  });

  it('say nothing of configs where the topic cannot be seen: those rights do not show it', () => {
    expect(names('SOURCE', null)).toEqual(['READ']);
    expect(names('DESTINATION', null)).toEqual(['WRITE', 'READ', 'DELETE', 'ALTER']);
  });

  it('are told with what the link does with them and how they are granted', () => {
    const message = missingMessage('DESTINATION', link, 'orders', TOPIC_RIGHTS.DESTINATION.slice(0, 1));
    expect(message).toBe(
      "The link's principal User:link lacks WRITE on topic orders of dc1 (destination), with which it appends the records (WRITE). " +
        "Grant it: kafka-acls.sh --bootstrap-server k1:9092,k2:9092 --command-config admin.properties --add --allow-principal 'User:link' --operation Write --topic 'orders'. It is noticed by itself.",
    );
    expect(missingMessage('SOURCE', link, 'orders', [])).toBeNull();
  });
});

describe('the command that grants a right', () => {
  it('names the operation as kafka-acls spells it, and every topic', () => {
    const command = grantCommand(link, 'TOPIC', ['READ', 'DESCRIBE_CONFIGS'], ['a', 'b']);
    expect(command).toContain("--operation Read --operation DescribeConfigs --topic 'a' --topic 'b'");
    expect(grantCommand(link, 'CLUSTER', ['CLUSTER_ACTION'], [])).toMatch(
      /--operation ClusterAction --cluster$/,
    );
    expect(grantCommand(link, 'TRANSACTIONAL_ID', ['WRITE'], ['landbridge-x-'], true)).toMatch(
      /--transactional-id 'landbridge-x-' --resource-pattern-type prefixed$/,
    );
  });

  it('leaves the principal open where only the cluster knows it', () => {
    expect(principalOf(link)).toBe('User:link');
    expect(principalOf(cluster({ protocol: 'PLAINTEXT' }))).toBe('User:ANONYMOUS');
    const oauth = sasl({
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'c',
      clientSecret: 's',
    });
    expect(principalOf(oauth)).toBeNull();
    expect(grantCommand(oauth, 'CLUSTER', ['ALTER'], [])).toContain("'User:<principal>'");
    const files = { certFile: '/tls/c.pem', keyFile: '/tls/k.pem' };
    expect(principalOf(cluster({ protocol: 'SSL', tls: files }))).toBeNull();
  });
});

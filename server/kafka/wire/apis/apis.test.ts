// Requests and answers of every API against bytes put together by hand from Kafka's message definitions, which Kafka 4.3.1's own generated
// classes write in the same way; and what hostile answers do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AclBinding } from '@/lib/contracts/acl';
import type { Api } from '../api';
import { DecodeError } from '../errors';
import { Reader } from '../reader';
import { Writer } from '../writer';
import { createAcls, deleteAcls, describeAcls } from './acls';
import { addPartitionsToTxn } from './add-partitions-to-txn';
import { alterTopicConfigs } from './alter-configs';
import { alterShareGroupOffsets } from './alter-share-group-offsets';
import { apiVersions } from './api-versions';
import { clusterMetadata } from './cluster-metadata';
import { consumerGroupDescribe } from './consumer-group-describe';
import { deleteRecords } from './delete-records';
import { deleteTopics } from './delete-topics';
import { describeCluster } from './describe-cluster';
import { describeTopicConfigs } from './describe-configs';
import { describeGroups } from './describe-groups';
import { describeLogDirs } from './describe-log-dirs';
import { describeProducers } from './describe-producers';
import { describeQuorum } from './describe-quorum';
import { describeShareGroupOffsets } from './describe-share-group-offsets';
import { endTxn } from './end-txn';
import { fetch } from './fetch';
import { findCoordinators } from './find-coordinators';
import { groupCommits } from './group-commits';
import { listGroups } from './list-groups';
import { listOffsets } from './list-offsets';
import { listTransactions } from './list-transactions';
import { metadata } from './metadata';
import { offsetCommit } from './offset-commit';
import { offsetFetch } from './offset-fetch';
import { produce } from './produce';
import { describeTransactions, findCoordinator, initProducerId } from './producer-id';
import { saslAuthenticate, saslHandshake } from './sasl';
import { shareGroupDescribe } from './share-group-describe';
import { streamsGroupDescribe } from './streams-group-describe';
import { topicEnds } from './topic-ends';
import { writeTxnMarkers } from './write-txn-markers';

const committed = { topic: 't', partitions: Int32Array.of(1), offsets: BigInt64Array.of(1n << 33n) };
const ID = '0102030405060708090a0b0c0d0e0f10';

/** Hex with spaces between fields. */
const bytesOf = (fields: string) => Buffer.from(fields.replace(/\s/g, ''), 'hex');

type Example = {
  title: string;
  version: number;
  key: number;
  flexible: boolean;
  request: string;
  encoded: () => Buffer;
  response: string;
  decode: (reader: Reader) => unknown;
  expected: unknown;
};

function example<Request, Response>(
  api: Api<Request, Response>,
  version: number,
  request: Request,
  requestFields: string,
  responseFields: string,
  expected: Response,
): Example {
  return {
    title: `${api.name} v${version}`,
    version,
    key: api.key,
    flexible: version >= api.flexibleFrom,
    request: requestFields,
    encoded: () => {
      const writer = new Writer(8);
      api.encode(writer, request, version);
      return writer.toBuffer();
    },
    response: responseFields,
    decode: (reader) => api.decode(reader, version),
    expected,
  };
}

const fetchRequest = {
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 1_048_576,
  readCommitted: true,
  sessionId: 11,
  sessionEpoch: 12,
  topics: [
    {
      topic: 't',
      topicId: ID,
      partitions: [
        {
          partition: 2,
          currentLeaderEpoch: 5,
          fetchOffset: 1n << 35n,
          lastFetchedEpoch: 4,
          maxBytes: 65_536,
        },
      ],
    },
  ],
  forgotten: [{ topic: 'u', topicId: ID, partitions: [6] }],
  rack: '',
};
const fetchRequestFields = (topic: string, forgotten: string) =>
  `ffffffff 000001f4 00000001 00100000 01 0000000b 0000000c
   02 ${topic} 02 00000002 00000005 0000000800000000 00000004 ffffffffffffffff 00010000 00 00
   02 ${forgotten} 02 00000006 00 01 00`;
const fetchResponseFields = (topic: string) =>
  `00000000 0000 0000000b
   02 ${topic} 03
     00000002 0000 0000000000000064 000000000000005a 000000000000000a 02 00000000000003e8 0000000000000014 00 ffffffff 00 00
     00000003 0000 0000000000000064 000000000000005a 000000000000000a 00 00000003 01 01 00 0d 00000004 0000000000000021 00
   00 00`;
const fetchExpected = (topic: string) => {
  const common = {
    errorCode: 0,
    highWatermark: 100n,
    lastStableOffset: 90n,
    logStartOffset: 10n,
    records: Buffer.alloc(0),
  };
  return {
    throttleMs: 0,
    errorCode: 0,
    sessionId: 11,
    topics: [
      {
        topic,
        partitions: [
          {
            ...common,
            partition: 2,
            aborted: [{ producerId: 1_000n, firstOffset: 20n }],
            preferredReadReplica: -1,
            divergingEndOffset: null,
          },
          { ...common, partition: 3, aborted: [], preferredReadReplica: 3, divergingEndOffset: 33n },
        ],
      },
    ],
  };
};

const metadataResponse = {
  brokers: [
    { id: 1, host: 'h1', port: 9_092, rack: 'r' },
    { id: 2, host: 'h2', port: 9_093, rack: null },
  ],
  clusterId: 'C',
  controllerId: 2,
  topics: [
    {
      errorCode: 0,
      name: 't1',
      topicId: ID,
      internal: true,
      partitions: [{ errorCode: 9, partition: 4, leader: 1, leaderEpoch: 6, replicas: [1, 2], inSync: [1] }],
      operations: null,
    },
  ],
};
const metadataInColumns = {
  ...metadataResponse,
  topics: [{ errorCode: 0, name: 't1', topicId: ID, internal: true, from: 0, to: 1 }],
  partitions: {
    ...{ partition: Int32Array.of(4), leader: Int32Array.of(1), leaderEpoch: Int32Array.of(6) },
    ...{ replicasFrom: Int32Array.of(0, 2), replicas: Int32Array.of(1, 2) },
    ...{ inSyncFrom: Int32Array.of(0, 1), inSync: Int32Array.of(1) },
  },
};
const metadataResponseFields = (clusterOperations: string, topicOperations = '80000000') =>
  `00000003 03 00000001 036831 00002384 0272 00 00000002 036832 00002385 00 00 0243 00000002
   02 0000 037431 ${ID} 01 02 0009 00000004 00000001 00000006 03 00000001 00000002 02 00000001 02 00000002 00 ${topicOperations} 00 ${clusterOperations} 00`;
const committedOffsets = [
  { topic: 't', partition: 1, offset: 1n << 33n, leaderEpoch: 5, metadata: 'md', errorCode: 0 },
  { topic: 't', partition: 2, offset: -1n, leaderEpoch: -1, metadata: '', errorCode: 88 },
];

const NO_ID = '00000000000000000000000000000000';

const binding: AclBinding = {
  ...{ resourceType: 'TOPIC', resourceName: 't', patternType: 'LITERAL' },
  ...{ principal: 'U', host: '*', operation: 'WRITE', permission: 'ALLOW' },
};

const examples: Example[] = [
  example(
    apiVersions,
    3,
    { clientName: 'ab', clientVersion: '1' },
    '036162 0231 00',
    `0000 03 0001 0004 0012 00 0012 0000 0004 00 00000005
     03 00 2a 03 11 6d657461646174612e76657273696f6e 0007 001e 00 0e 67726f75702e76657273696f6e 0000 0001 00
     01 08 000000000000004d 02 17 02 11 6d657461646174612e76657273696f6e 001d 0007 00`,
    {
      errorCode: 0,
      apis: [
        { key: 1, min: 4, max: 18 },
        { key: 18, min: 0, max: 4 },
      ],
      metadataVersion: 30,
      supportedFeatures: [
        { name: 'metadata.version', min: 7, max: 30 },
        { name: 'group.version', min: 0, max: 1 },
      ],
      finalizedFeatures: [{ name: 'metadata.version', level: 29 }],
    },
  ),
  example(
    apiVersions,
    0,
    { clientName: 'ab', clientVersion: '1' },
    '',
    '0000 00000002 0001 0004 0012 0012 0000 0004',
    {
      errorCode: 0,
      apis: [
        { key: 1, min: 4, max: 18 },
        { key: 18, min: 0, max: 4 },
      ],
      metadataVersion: null,
      supportedFeatures: [],
      finalizedFeatures: [],
    },
  ),
  example(
    metadata,
    11,
    { topics: ['t1'] },
    `02 ${NO_ID} 037431 00 00 00 00`,
    metadataResponseFields(''),
    metadataResponse,
  ),
  example(
    metadata,
    10,
    { topics: ['t1'] },
    `02 ${NO_ID} 037431 00 00 00 00 00`,
    metadataResponseFields('80000000'),
    metadataResponse,
  ),
  example(
    metadata,
    11,
    { topics: ['t1'], operations: true },
    `02 ${NO_ID} 037431 00 00 01 00`,
    metadataResponseFields('', '00000518'),
    { ...metadataResponse, topics: metadataResponse.topics.map((t) => ({ ...t, operations: 0x518 })) },
  ),
  example(metadata, 11, { topics: null }, '00 00 00 00', metadataResponseFields(''), metadataResponse),
  example(clusterMetadata, 11, {}, '00 00 00 00', metadataResponseFields(''), metadataInColumns),
  example(clusterMetadata, 10, {}, '00 00 00 00 00', metadataResponseFields('80000000'), metadataInColumns),
  example(
    listOffsets,
    5,
    {
      replicaId: -2,
      readCommitted: true,
      topics: [{ topic: 't', partitions: [{ partition: 1, currentLeaderEpoch: 5, timestamp: -1n }] }],
    },
    'fffffffe 01 00000001 000174 00000001 00000001 00000005 ffffffffffffffff',
    '00000001 00000001 000174 00000001 00000001 004a 0000018bcfe56800 0000010000000000 00000005',
    [
      {
        topic: 't',
        partition: 1,
        errorCode: 74,
        timestamp: 1_700_000_000_000n,
        offset: 1n << 40n,
        leaderEpoch: 5,
      },
    ],
  ),
  example(
    produce,
    8,
    {
      acks: 1,
      timeoutMs: 20_000,
      topics: [{ topic: 't', partitions: [{ partition: 3, records: bytesOf('deadbeef') }] }],
    },
    'ffff 0001 00004e20 00000001 000174 00000001 00000003 00000004 deadbeef',
    `00000001 000174 00000002
       00000003 0000 0000000200000000 ffffffffffffffff 0000000000000007 00000000 ffff
       00000004 0057 ffffffffffffffff ffffffffffffffff ffffffffffffffff 00000001 00000000 0003626164 00026e6f
     00000009`,
    [
      {
        topic: 't',
        partition: 3,
        errorCode: 0,
        errorMessage: null,
        baseOffset: 1n << 33n,
        logAppendTime: -1n,
        logStartOffset: 7n,
      },
      {
        topic: 't',
        partition: 4,
        errorCode: 87,
        errorMessage: 'no',
        baseOffset: -1n,
        logAppendTime: -1n,
        logStartOffset: -1n,
      },
    ],
  ),
  example(
    fetch,
    12,
    fetchRequest,
    fetchRequestFields('0274', '0275'),
    fetchResponseFields('0274'),
    fetchExpected('t'),
  ),
  example(fetch, 13, fetchRequest, fetchRequestFields(ID, ID), fetchResponseFields(ID), fetchExpected(ID)),
  example(
    initProducerId,
    2,
    { transactionalId: 'x', transactionTimeoutMs: 60_000 },
    '0278 0000ea60 00',
    '00000001 0000 0000000400000000 0009 00',
    { errorCode: 0, producerId: 1n << 34n, producerEpoch: 9 },
  ),
  example(
    initProducerId,
    2,
    { transactionalId: null, transactionTimeoutMs: 60_000 },
    '00 0000ea60 00',
    '00000001 0000 0000000400000000 0009 00',
    { errorCode: 0, producerId: 1n << 34n, producerEpoch: 9 },
  ),
  example(
    findCoordinator,
    2,
    { key: 'x', keyType: 1 },
    '000178 01',
    '00000001 000f 00016d 00000003 000168 00002384',
    { errorCode: 15, errorMessage: 'm', nodeId: 3 },
  ),
  example(
    describeTransactions,
    0,
    { transactionalIds: ['x', 'yz'] },
    '03 0278 03797a 00',
    `00000000 02 0000 0278 06456d707479 0000ea60 0000000000000005 000000000000002a 0007
     02 0274 03 00000001 00000002 00 00 00`,
    [
      {
        errorCode: 0,
        transactionalId: 'x',
        state: 'Empty',
        timeoutMs: 60_000,
        startedMs: 5n,
        producerId: 42n,
        producerEpoch: 7,
        topics: [{ topic: 't', partitions: [1, 2] }],
      },
    ],
  ),
  example(
    listTransactions,
    0,
    { states: ['Ongoing'] },
    '02 084f6e676f696e67 01 00',
    '00000000 000f 01 02 0278 000000000000002a 084f6e676f696e67 00 00',
    { errorCode: 15, transactions: [{ transactionalId: 'x', producerId: 42n, state: 'Ongoing' }] },
  ),
  example(
    saslHandshake,
    1,
    { mechanism: 'PLAIN' },
    '0005 504c41494e',
    '0021 00000002 000d 534352414d2d5348412d323536 0006 475353415049',
    { errorCode: 33, mechanisms: ['SCRAM-SHA-256', 'GSSAPI'] },
  ),
  example(
    saslAuthenticate,
    1,
    { authBytes: Buffer.from('\0u\0p') },
    '00000004 00 75 00 70',
    '003a 00026e6f 00000000 0000000000000000',
    { errorCode: 58, errorMessage: 'no', authBytes: Buffer.alloc(0), sessionLifetimeMs: 0n },
  ),
  example(
    addPartitionsToTxn,
    1,
    {
      transactionalId: 'x',
      producerId: 42n,
      producerEpoch: 7,
      topics: [{ topic: 't', partitions: [1, 2] }],
    },
    '000178 000000000000002a 0007 00000001 000174 00000002 00000001 00000002',
    '00000001 00000001 000174 00000002 00000001 001d 00000002 0037',
    [
      { topic: 't', partition: 1, errorCode: 29 },
      { topic: 't', partition: 2, errorCode: 55 },
    ],
  ),
  example(
    endTxn,
    1,
    { transactionalId: 'x', producerId: 42n, producerEpoch: 7, commit: true },
    '000178 000000000000002a 0007 01',
    '00000001 0033',
    { errorCode: 51 },
  ),
  example(
    writeTxnMarkers,
    1,
    {
      markers: [
        {
          producerId: 42n,
          producerEpoch: 7,
          commit: true,
          coordinatorEpoch: -1,
          topics: [{ topic: 't', partitions: [1, 2] }],
        },
      ],
    },
    '02 000000000000002a 0007 01 02 0274 03 00000001 00000002 00 ffffffff 00 00',
    '02 000000000000002a 02 0274 02 00000001 002f 00 00 00 00',
    [{ producerId: 42n, topic: 't', partition: 1, errorCode: 47 }],
  ),
  example(
    describeProducers,
    0,
    { topics: [{ topic: 't', partitions: [1] }] },
    '02 0274 02 00000001 00 00',
    `00000000 02 0274 02 00000001 0000 00
       02 000000000000002a 00000007 00000063 0000018bcfe56800 00000002 ffffffffffffffff 00 00 00 00`,
    [
      {
        topic: 't',
        partition: 1,
        errorCode: 0,
        errorMessage: null,
        producers: [
          {
            producerId: 42n,
            producerEpoch: 7,
            lastSequence: 99,
            lastTimestamp: 1_700_000_000_000n,
            coordinatorEpoch: 2,
            currentTxnStartOffset: -1n,
          },
        ],
      },
    ],
  ),
  example(
    deleteRecords,
    1,
    { topics: [{ topic: 't', partitions: [{ partition: 1, offset: 1n << 33n }] }], timeoutMs: 30_000 },
    '00000001 000174 00000001 00000001 0000000200000000 00007530',
    '00000000 00000001 000174 00000001 00000001 000000000000000c 0001',
    [{ topic: 't', partition: 1, lowWatermark: 12n, errorCode: 1 }],
  ),
  example(
    deleteTopics,
    6,
    { topicIds: [ID], timeoutMs: 30_000 },
    `02 00 ${ID} 00 00007530 00`,
    `00000000 02 0274 ${ID} 001d 00 00 00`,
    [{ topic: 't', topicId: ID, errorCode: 29, errorMessage: null }],
  ),
  example(
    alterTopicConfigs,
    1,
    { topics: [{ topic: 't', configs: { a: '1', b: null } }], validateOnly: true },
    '02 02 0274 03 0261 00 0231 00 0262 01 00 00 00 01 00',
    '00000000 02 0028 04626164 02 0274 00 00',
    [{ errorCode: 40, errorMessage: 'bad', topic: 't' }],
  ),
  example(
    describeAcls,
    1,
    { resourceType: 'TOPIC' },
    '02 ffff 01 ffff ffff 01 01',
    // The third entry is of an operation that is not known here.
    `00000000 0000 ffff 00000001 02 000174 03 00000003 000155 00012a 04 03 000156 00012a 02 02 000156 00012a 63 03`,
    {
      errorCode: 0,
      errorMessage: null,
      bindings: [binding, { ...binding, principal: 'V', operation: 'ALL', permission: 'DENY' }],
      unknown: 1,
    },
  ),
  example(
    createAcls,
    1,
    [binding],
    '00000001 02 000174 03 000155 00012a 04 03',
    '00000000 00000002 0000 ffff 001f 0003626164',
    [
      { errorCode: 0, errorMessage: null },
      { errorCode: 31, errorMessage: 'bad' },
    ],
  ),
  example(
    deleteAcls,
    1,
    [{ ...binding, patternType: 'PREFIXED' }],
    '00000001 02 000174 04 000155 00012a 04 03',
    '00000000 00000002 001f 0003626164 00000000 0000 ffff 00000001 0000 ffff 02 000174 04 000155 00012a 04 03',
    [
      { errorCode: 31, errorMessage: 'bad' },
      { errorCode: 0, errorMessage: null },
    ],
  ),
  example(
    findCoordinators,
    3,
    { keys: ['g'] },
    '0267 00 00',
    '00000000 000f 026d 00000003 0268 00002384 00',
    [{ key: null, nodeId: 3, errorCode: 15, errorMessage: 'm' }],
  ),
  example(
    findCoordinators,
    4,
    { keys: ['g', 'h'] },
    '00 03 0267 0268 00',
    '00000000 03 0267 00000003 0268 00002384 0000 00 00 0268 ffffffff 01 ffffffff 001e 036e6f 00 00',
    [
      { key: 'g', nodeId: 3, errorCode: 0, errorMessage: null },
      { key: 'h', nodeId: -1, errorCode: 30, errorMessage: 'no' },
    ],
  ),
  ...[4, 5].map((version) =>
    example(
      listGroups,
      version,
      {},
      version === 4 ? '01 00' : '01 01 00',
      `00000000 000e 03
         0267 09636f6e73756d6572 07537461626c65 ${version === 4 ? '' : '09636f6e73756d6572'} 00
         0268 01 06456d707479 ${version === 4 ? '' : '08636c6173736963'} 00 00`,
      {
        errorCode: 14,
        groups: [
          { group: 'g', protocolType: 'consumer', state: 'Stable', type: version === 4 ? null : 'consumer' },
          { group: 'h', protocolType: '', state: 'Empty', type: version === 4 ? null : 'classic' },
        ],
      },
    ),
  ),
  ...[5, 6].map((version) =>
    example(
      describeGroups,
      version,
      { groups: ['g'], operations: true },
      '02 0267 01 00',
      `00000000 03
         0000 ${version === 5 ? '' : '00'} 0267 07537461626c65 09636f6e73756d6572 0672616e6765
           02 026d 0269 0263 032f68 030102 0203 00 00000108 00
         ${version === 5 ? '0000' : '0045 036e6f'} 0268 0544656164 01 01 01 80000000 00 00`,
      [
        {
          errorCode: 0,
          group: 'g',
          state: 'Stable',
          members: [{ memberId: 'm', instanceId: 'i', clientId: 'c', clientHost: '/h', assignment: null }],
          operations: 0x108,
        },
        { errorCode: version === 5 ? 0 : 69, group: 'h', state: 'Dead', members: [], operations: null },
      ],
    ),
  ),
  ...[0, 1].map((version) =>
    example(
      consumerGroupDescribe,
      version,
      { groups: ['g'] },
      '02 0267 00 00',
      `00000000 02 0000 00 0267 07537461626c65 00000004 00000005 08756e69666f726d
         02 026d 00 00 00000006 0263 032f68 02 0274 00
           02 ${ID} 0274 03 00000001 00000002 00 00 02 ${ID} 0274 03 00000001 00000002 00 00 ${version === 0 ? '' : '01'} 00
         80000000 00 00`,
      [
        {
          errorCode: 0,
          group: 'g',
          state: 'Stable',
          members: [
            {
              ...{ memberId: 'm', instanceId: null, clientId: 'c', clientHost: '/h' },
              assignment: [{ topic: 't', partitions: [1, 2] }],
            },
          ],
          operations: null,
        },
      ],
    ),
  ),
  example(
    offsetFetch,
    7,
    { groups: ['g'], requireStable: true },
    '0267 00 01 00',
    `00000000 02 0274 03 00000001 0000000200000000 00000005 036d64 0000 00
       00000002 ffffffffffffffff ffffffff 00 0058 00 00 0010 00`,
    [{ group: null, errorCode: 16, offsets: committedOffsets }],
  ),
  example(
    offsetFetch,
    8,
    { groups: ['g', 'h'], requireStable: false },
    '03 0267 00 00 0268 00 00 00 00',
    `00000000 03 0267 02 0274 03 00000001 0000000200000000 00000005 036d64 0000 00
       00000002 ffffffffffffffff ffffffff 00 0058 00 00 0000 00 0268 01 001e 00 00`,
    [
      { group: 'g', errorCode: 0, offsets: committedOffsets },
      { group: 'h', errorCode: 30, offsets: [] },
    ],
  ),
  example(
    offsetCommit,
    8,
    {
      group: 'g',
      topics: [
        {
          topic: 't',
          partitions: [
            { partition: 1, offset: 1n << 33n, metadata: 'md' },
            { partition: 2, offset: 7n, metadata: '' },
          ],
        },
      ],
    },
    `0267 ffffffff 01 00 02 0274 03 00000001 0000000200000000 ffffffff 036d64 00
       00000002 0000000000000007 ffffffff 01 00 00 00`,
    '00000000 02 0274 03 00000001 0000 00 00000002 0019 00 00 00',
    [
      { topic: 't', partition: 1, errorCode: 0 },
      { topic: 't', partition: 2, errorCode: 25 },
    ],
  ),
  example(
    describeShareGroupOffsets,
    0,
    { groups: ['g'] },
    '02 0267 00 00 00',
    `00000000 02 0267 02 0274 ${ID} 02 00000001 0000000000000009 00000003 0000 00 00 00 0000 00 00 00`,
    [
      {
        group: 'g',
        errorCode: 0,
        offsets: [{ topic: 't', partition: 1, errorCode: 0, start: 9n }],
      },
    ],
  ),
  example(
    alterShareGroupOffsets,
    0,
    { group: 'g', topics: [{ topic: 't', partitions: [{ partition: 1, offset: 9n }] }] },
    '0267 02 0274 02 00000001 0000000000000009 00 00 00',
    `00000000 0000 00 02 0274 ${ID} 02 00000001 0003 00 00 00 00`,
    { errorCode: 0, partitions: [{ topic: 't', partition: 1, errorCode: 3 }] },
  ),
  example(
    streamsGroupDescribe,
    0,
    { groups: ['g'] },
    '02 0267 00 00',
    // Subtopology "0" reads t and the repartition topic r; the member has task 1 of it, and stands by for task 0.
    `00000000 02 0000 00 0267 07537461626c65 00000003 00000002
       01 00000001 02 0230 02 0274 01 01 02 0272 00000002 0001 01 00 00 00
       02 026d 00000003 00 00 0263 022f 00000001 0270 01 0268 1f90 00 01 02 0230 00000001 0000000000000005 00 01
       02 0230 02 00000001 00 02 0230 02 00000000 00 01 00 01 01 01 00 00 00 80000000 00 00`,
    [
      {
        ...{ errorCode: 0, group: 'g', state: 'Stable' },
        members: [
          {
            ...{ memberId: 'm', instanceId: null, clientId: 'c', clientHost: '/' },
            assignment: [
              { topic: 't', partitions: [1] },
              { topic: 'r', partitions: [1] },
            ],
          },
        ],
        operations: null,
      },
    ],
  ),
  example(
    shareGroupDescribe,
    1,
    { groups: ['g'] },
    '02 0267 00 00',
    `00000000 02 0000 00 0267 07537461626c65 00000003 00000002 0273 02 026d 00 00000004 0263 022f 02 0274
       02 ${ID} 0274 02 00000001 00 00 00 80000000 00 00`,
    [
      {
        errorCode: 0,
        group: 'g',
        state: 'Stable',
        epoch: 3,
        members: [
          {
            ...{ memberId: 'm', instanceId: null, clientId: 'c', clientHost: '/' },
            assignment: [{ topic: 't', partitions: [1] }],
          },
        ],
        operations: null,
      },
    ],
  ),
  example(
    describeGroups,
    5,
    { groups: ['g'] },
    '02 0267 00 00',
    `00000000 02 0000 0267 07537461626c65 09636f6e73756d6572 0672616e6765
       02 026d 00 0263 032f68 01 1a 0001 00000001 000174 00000002 00000001 00000002 ffffffff 00 80000000 00 00`,
    [
      {
        errorCode: 0,
        group: 'g',
        state: 'Stable',
        members: [
          {
            ...{ memberId: 'm', instanceId: null, clientId: 'c', clientHost: '/h' },
            assignment: [{ topic: 't', partitions: [1, 2] }],
          },
        ],
        operations: null,
      },
    ],
  ),
  ...[0, 1, 2].map((version) =>
    example(
      describeCluster,
      version,
      { operations: true },
      `01 ${version >= 1 ? '01' : ''} ${version >= 2 ? '01' : ''} 00`,
      `00000000 0000 00 ${version >= 1 ? '01' : ''} 0243 00000002
         03 00000001 036831 00002384 0272 ${version >= 2 ? '00' : ''} 00 00000002 036832 00002385 00 ${version >= 2 ? '01' : ''} 00
         00000100 00`,
      {
        errorCode: 0,
        errorMessage: null,
        clusterId: 'C',
        controllerId: 2,
        brokers: [
          { id: 1, host: 'h1', port: 9_092, rack: 'r', fenced: version >= 2 ? false : null },
          { id: 2, host: 'h2', port: 9_093, rack: null, fenced: version >= 2 ? true : null },
        ],
        operations: 0x100,
      },
    ),
  ),
  ...[2, 3, 4].map((version) =>
    example(
      describeLogDirs,
      version,
      {},
      '00 00',
      `00000000 ${version >= 3 ? '001f' : ''}
         02 0038 032f64 02 0274 03
           00000001 0000000000000400 0000000000000000 00 00
           00000002 0000000000000800 0000000000000001 01 00 00
         ${version >= 4 ? '0000000000001000 0000000000000200' : ''} 00 00`,
      {
        errorCode: version >= 3 ? 31 : 0,
        dirs: [
          {
            errorCode: 56,
            path: '/d',
            topics: [{ topic: 't', partitions: Int32Array.of(1), sizes: BigInt64Array.of(1_024n) }],
            totalBytes: version >= 4 ? 4_096n : -1n,
            usableBytes: version >= 4 ? 512n : -1n,
          },
        ],
      },
    ),
  ),
  ...[0, 1, 2].map((version) => {
    const replica = (id: number) =>
      `0000000${id} ${version >= 2 ? ID : ''} 000000000000000${id} ${version >= 1 ? `ffffffffffffffff 0000018bcfe5680${id}` : ''} 00`;
    const state = (id: number) => ({
      id,
      directoryId: version >= 2 ? ID : null,
      logEndOffset: BigInt(id),
      lastFetchMs: -1n,
      lastCaughtUpMs: version >= 1 ? 1_700_000_000_000n + BigInt(id) : -1n,
    });
    return example(
      describeQuorum,
      version,
      {},
      '02 13 5f5f636c75737465725f6d65746164617461 02 00000000 00 00 00',
      `0000 ${version >= 2 ? '00' : ''} 02 0274 02 00000000 0000 ${version >= 2 ? '026d' : ''} 00000001 00000005 0000000100000000
         03 ${replica(1)} ${replica(2)} 02 ${replica(3)} 00 00
         ${version >= 2 ? '02 00000001 02 0243 0268 2384 00 00' : ''} 00`,
      {
        errorCode: 0,
        errorMessage: version >= 2 ? 'm' : null,
        leaderId: 1,
        leaderEpoch: 5,
        highWatermark: 1n << 32n,
        voters: [state(1), state(2)],
        observers: [state(3)],
      },
    );
  }),
  example(
    describeQuorum,
    2,
    {},
    '02 13 5f5f636c75737465725f6d65746164617461 02 00000000 00 00 00',
    '001f 026e 01 01 00',
    {
      ...{ errorCode: 31, errorMessage: 'n', leaderId: -1, leaderEpoch: -1, highWatermark: -1n },
      ...{ voters: [], observers: [] },
    },
  ),
  example(
    describeTopicConfigs,
    4,
    { topics: ['t'], keys: ['a', 'b'] },
    '02 02 0274 03 0261 0262 00 00 00 00',
    `00000000 02 001d 026e 02 0274 03
       0261 0231 00 01 00 02 0261 0231 01 00 03 00 00
       0262 00 01 05 01 01 01 0264 00
     00 00`,
    [
      {
        errorCode: 29,
        errorMessage: 'n',
        topic: 't',
        configs: [
          { name: 'a', value: '1', source: 1 },
          { name: 'b', value: null, source: 5 },
        ],
      },
    ],
  ),
  example(
    describeTopicConfigs,
    4,
    { topics: ['t'], keys: null },
    '02 02 0274 00 00 00 00 00',
    '00000000 01 00',
    [],
  ),
  example(
    topicEnds,
    5,
    { timestamp: -1n, readCommitted: true, topics: [{ topic: 't', partitions: [1, 2] }] },
    'ffffffff 01 00000001 000174 00000002 00000001 ffffffff ffffffffffffffff 00000002 ffffffff ffffffffffffffff',
    `00000001 00000001 000174 00000002
       00000001 0000 0000018bcfe56800 0000010000000000 00000005
       00000002 0006 ffffffffffffffff ffffffffffffffff ffffffff`,
    {
      ...{ topics: ['t'], first: [0, 2], partitions: Int32Array.of(1, 2), errorCodes: Int16Array.of(0, 6) },
      offsets: BigInt64Array.of(1n << 40n, -1n),
    },
  ),
  example(
    groupCommits,
    7,
    { groups: ['g'] },
    '0267 00 00 00',
    `00000000 02 0274 03 00000001 0000000200000000 00000005 036d64 0000 00
       00000002 ffffffffffffffff ffffffff 00 0000 00 00 0010 00`,
    [{ group: null, errorCode: 16, topics: [committed] }],
  ),
  example(
    groupCommits,
    8,
    { groups: ['g', 'h'] },
    '03 0267 00 00 0268 00 00 00 00',
    `00000000 03 0267 02 0274 03 00000001 0000000200000000 00000005 036d64 0000 00
       00000002 0000000000000001 ffffffff 00 0058 00 00 0000 00
       0268 01 001e 00 00`,
    [
      { group: 'g', errorCode: 0, topics: [committed] },
      { group: 'h', errorCode: 30, topics: [] },
    ],
  ),
];

/** The header in front of each: ApiKeys of org.apache.kafka.common.protocol. */
const KEYS: Record<string, [key: number, flexibleFrom: number]> = {
  Produce: [0, 9],
  Fetch: [1, 12],
  ListOffsets: [2, 6],
  Metadata: [3, 9],
  OffsetCommit: [8, 8],
  OffsetFetch: [9, 6],
  FindCoordinator: [10, 3],
  DescribeGroups: [15, 5],
  ListGroups: [16, 3],
  SaslHandshake: [17, 99],
  ApiVersions: [18, 3],
  DeleteRecords: [21, 2],
  DeleteTopics: [20, 4],
  InitProducerId: [22, 2],
  WriteTxnMarkers: [27, 1],
  AddPartitionsToTxn: [24, 3],
  EndTxn: [26, 3],
  SaslAuthenticate: [36, 2],
  DescribeAcls: [29, 2],
  CreateAcls: [30, 2],
  DeleteAcls: [31, 2],
  IncrementalAlterConfigs: [44, 1],
  DescribeConfigs: [32, 4],
  DescribeLogDirs: [35, 2],
  DescribeQuorum: [55, 0],
  DescribeCluster: [60, 0],
  DescribeProducers: [61, 0],
  DescribeTransactions: [65, 0],
  ListTransactions: [66, 0],
  ConsumerGroupDescribe: [69, 0],
  DescribeShareGroupOffsets: [90, 0],
  AlterShareGroupOffsets: [91, 0],
  ShareGroupDescribe: [77, 1],
  StreamsGroupDescribe: [89, 0],
};

for (const { title, version, key, flexible, ...example } of examples) {
  describe(title, () => {
    const answer = bytesOf(example.response);

    it('has the key of its API, and the header that its version wants', () => {
      const [wanted, flexibleFrom] = KEYS[title.split(' ')[0] as string] as [number, number];
      expect([key, flexible]).toEqual([wanted, version >= flexibleFrom]);
    });

    it('writes a request as the message definition says', () => {
      expect(example.encoded().toString('hex')).toBe(bytesOf(example.request).toString('hex'));
    });

    it('reads an answer to its last byte', () => {
      const reader = new Reader(answer);
      expect(example.decode(reader)).toEqual(example.expected);
      expect(reader.remaining).toBe(0);
    });

    it('answers every truncation with a DecodeError', () => {
      for (let cut = 0; cut < answer.length; cut++)
        expect(() => example.decode(new Reader(answer.subarray(0, cut))), `cut at ${cut}`).toThrow(
          DecodeError,
        );
    });

    it('answers hostile lengths anywhere with a DecodeError or a value, without taking memory for them', () => {
      for (let at = 0; at < answer.length; at++) {
        for (const hostile of [
          '7fffffff',
          '80000000',
          'ffffffff',
          'ffffffff0f',
          'feffffff07',
          '7fff',
          '8000',
        ]) {
          const bytes = Buffer.from(answer);
          bytesOf(hostile).copy(bytes, at);
          valueOrDecodeError(example.decode, bytes);
        }
      }
    });

    it('answers any bytes with a DecodeError or a value', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(answer.length), (garbage, keep) => {
          valueOrDecodeError(example.decode, Buffer.from(garbage));
          valueOrDecodeError(example.decode, Buffer.concat([answer.subarray(0, keep), garbage]));
        }),
        { numRuns: 150 },
      );
    });
  });
}

function valueOrDecodeError(decode: (reader: Reader) => unknown, bytes: Buffer): void {
  const reader = new Reader(bytes);
  try {
    const value = decode(reader);
    // Each element of a list takes a byte at least: what is decoded cannot outgrow what was sent by more than a constant factor.
    expect(elements(value)).toBeLessThanOrEqual(40 * (bytes.length + 1));
    expect(reader.remaining).toBeGreaterThanOrEqual(0);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

function elements(value: unknown): number {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + elements(item), 1);
}

describe('ApiVersions', () => {
  it('reads the answer of a broker that does not speak the version that was asked', () => {
    const reader = new Reader(bytesOf('0023 00000001 0012 0000 0002'));
    expect(apiVersions.decode(reader, 3)).toMatchObject({ errorCode: 35, apis: [] });
  });
});

describe('Produce', () => {
  it('takes the reason from the records when the batch has none', () => {
    const answer = bytesOf(
      `00000001 000174 00000001 00000004 0057 ffffffffffffffff ffffffffffffffff ffffffffffffffff
       00000001 00000000 0003626164 ffff 00000000`,
    );
    expect(produce.decode(new Reader(answer), 8)[0]).toMatchObject({ errorCode: 87, errorMessage: 'bad' });
  });
});

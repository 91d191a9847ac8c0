// For tests: a member of a streams group (KIP-1071) that joins by StreamsGroupHeartbeat (key 88) with one subtopology, and processes nothing.
import type { Api } from '../api';
import type { Connection } from '../connection';
import { ProtocolError } from '../errors';

type Beat = { group: string; memberId: string; epoch: number; topics: readonly string[] };
type Told = { errorCode: number; message: string | null; epoch: number; tasks: number };

const streamsGroupHeartbeat: Api<Beat, Told> = {
  key: 88,
  name: 'StreamsGroupHeartbeat',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode(w, { group, memberId, epoch, topics }) {
    const joins = epoch === 0;
    w.compactString(group).compactString(memberId).int32(epoch).int32(0);
    w.compactNullableString(null)
      .compactNullableString(null)
      .int32(joins ? 60_000 : -1);
    if (joins) {
      w.int8(1).int32(1);
      w.compactArray([topics], (sources) => {
        w.compactString('0').compactArray(sources, (topic) => w.compactString(topic));
        for (let empty = 0; empty < 5; empty++) w.uvarint(1);
        w.tags();
      });
      w.tags();
    } else w.int8(-1);
    // What it has, where it joins: nothing. Later: as before.
    for (let tasks = 0; tasks < 3; tasks++) w.uvarint(joins ? 1 : 0);
    w.compactNullableString(joins ? 'a-process' : null).int8(-1);
    w.uvarint(joins ? 1 : 0)
      .uvarint(0)
      .uvarint(0)
      .bool(false)
      .tags();
  },
  decode(r) {
    r.int32();
    const errorCode = r.int16();
    const message = r.compactNullableString();
    r.compactString();
    const epoch = r.int32();
    for (let intervals = 0; intervals < 3; intervals++) r.int32();
    r.compactArray(() => {
      r.int8();
      r.compactString();
      r.tags();
    });
    let tasks = 0;
    r.compactArray(() => {
      r.compactString();
      tasks += r.compactArray(() => r.int32()).length;
      r.tags();
    });
    // What follows is of no use here.
    r.skip(r.remaining);
    return { errorCode, message, epoch, tasks };
  },
};

/** Joins, and beats until it has tasks. @returns their number */
export async function joinStreamsGroup(
  connection: Connection,
  group: string,
  topics: readonly string[],
): Promise<{ memberId: string; beat(): Promise<number> }> {
  const memberId = 'AAAAAAAAAAAAAAAAAAAAAQ';
  let epoch = 0;
  const beat = async (): Promise<number> => {
    const told = await connection.request(streamsGroupHeartbeat, { group, memberId, epoch, topics });
    if (told.errorCode !== 0)
      throw new ProtocolError(
        told.errorCode,
        connection.where,
        `StreamsGroupHeartbeat (${told.message})`,
        group,
      );
    epoch = told.epoch;
    return told.tasks;
  };
  await beat();
  return { memberId, beat };
}

// One DescribeCluster request over a socket of its own: tells whether a broker serves, and which brokers it sees alive.
// The harness has its own 30 lines for this so that it does not stand on the client it is there to test.
import { connect } from 'node:net';

const DESCRIBE_CLUSTER_KEY = 60;

export type ClusterDescription = { clusterId: string; brokerIds: number[] };

/** @throws when the broker does not answer within the limit or answers with an error. */
export async function describeCluster(
  host: string,
  port: number,
  limitMs: number,
): Promise<ClusterDescription> {
  const response = await exchange(host, port, request(), limitMs);
  return decode(response);
}

function request(): Buffer {
  const bytes = Buffer.alloc(17);
  let at = bytes.writeInt32BE(bytes.length - 4, 0);
  at = bytes.writeInt16BE(DESCRIBE_CLUSTER_KEY, at);
  at = bytes.writeInt16BE(0, at); // version
  at = bytes.writeInt32BE(1, at); // correlation id
  bytes.writeInt16BE(-1, at); // no client id; the rest is empty tags and a flag that is off
  return bytes;
}

function exchange(host: string, port: number, bytes: Buffer, limitMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const chunks: Buffer[] = [];
    const finish = (act: () => void) => {
      socket.destroy();
      act();
    };
    socket.setTimeout(limitMs, () =>
      finish(() => reject(new Error(`${host}:${port} did not answer in ${limitMs} ms.`))),
    );
    socket.once('error', (error) => finish(() => reject(error)));
    socket.once('close', () => reject(new Error(`${host}:${port} closed the connection.`)));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (all.length >= 4 && all.length >= 4 + all.readInt32BE(0)) finish(() => resolve(all.subarray(4)));
    });
    socket.write(bytes);
  });
}

function decode(response: Buffer): ClusterDescription {
  let at = 4 + 1 + 4; // correlation id, header tags, throttle time
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = response.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const length = varint() - 1;
    const value = length > 0 ? response.toString('utf8', at, at + length) : '';
    at += Math.max(length, 0);
    return value;
  };
  const error = response.readInt16BE(at);
  at += 2;
  const message = text();
  if (error !== 0) throw new Error(`DescribeCluster answered error ${error} ${message}`.trim());
  const clusterId = text();
  at += 4; // controller id
  const brokerIds: number[] = [];
  for (let left = varint() - 1; left > 0; left--) {
    brokerIds.push(response.readInt32BE(at));
    at += 4;
    text(); // host
    at += 4; // port
    text(); // rack
    for (let tags = varint(); tags > 0; tags--) {
      varint();
      at += varint();
    }
  }
  return { clusterId, brokerIds: brokerIds.sort((a, b) => a - b) };
}

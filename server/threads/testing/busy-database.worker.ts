// A thread that does nothing but call a database, until it is ended.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';
import { watchNativeCalls } from '../native-calls';

if (workerData.calls) watchNativeCalls(workerData.calls);
const db = new Database(':memory:');
db.exec('create table t (a integer)');
parentPort?.postMessage('ready');
for (;;) {
  db.prepare('insert into t values (?)').run([1]);
  db.prepare('select * from t limit 1').all([]);
}

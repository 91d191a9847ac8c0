// Keeps idle kafkajs connections idle. From its first request on, each connection of kafkajs 2.2.4 looks for waiting requests every millisecond,
// for ever (kafkajs#1556, #1704): a thousand wake-ups a second, more than an idle link's own work. Changes nothing else.
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;

RequestQueue.prototype.scheduleCheckPendingRequests = function ifAnyWaits(): void {
  // Whoever puts a request into the queue calls this again: without one there is nothing to look for.
  if (this.pending.length > 0) schedule.call(this);
};

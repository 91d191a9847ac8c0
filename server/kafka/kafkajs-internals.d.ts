// The one part of kafkajs' inside that is touched: see kafkajs-idle.ts.
declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    /** Requests that wait until they may be sent. */
    pending: unknown[];
    scheduleCheckPendingRequests(): void;
  }
  export default RequestQueue;
}

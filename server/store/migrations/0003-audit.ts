// The audit log as a chain: rows that are only ever added, the sealed head, the keys that old rows need, and the cuts of
// retention. Rows from before stay in `auditUnchained` until the first start takes them into the chain.
export const audit = {
  number: 3,
  name: 'audit chain',
  statements: [
    'drop index auditByOperation',
    'alter table audit rename to auditUnchained',
    // The order of the columns is the order in which they are authenticated (server/access/audit-chain.ts).
    `create table audit (
      seq integer primary key,
      operationId text not null,
      kind text not null,
      atMs integer not null,
      actorKind text not null,
      actorId text,
      actorName text not null,
      sessionId text,
      address text,
      operation text not null,
      objectType text not null,
      objectName text not null,
      cluster text,
      destination text,
      link text,
      severity text not null,
      reason text,
      details text,
      before text,
      after text,
      result text,
      message text,
      requestId text,
      keyId text not null,
      mac text not null
    ) strict`,
    'create index auditByOperation on audit (operationId)',
    'create index auditByTime on audit (atMs)',
    'create index auditByRequest on audit (requestId) where requestId is not null',
    // Where the chain ends, sealed: rows that are cut off its end are missed.
    `create table auditHead (
      id integer primary key check (id = 1),
      log text not null,
      seq integer not null,
      mac text not null,
      keyId text not null,
      seal text not null
    ) strict`,
    // Keys of rows that were written before the server's key was changed, sealed with the present one.
    `create table auditKey (
      keyId text primary key,
      sealed text not null,
      createdAtMs integer not null
    ) strict`,
    // What retention has removed: everything up to and with this seq, whose mac the next row is chained to.
    `create table auditCut (
      seq integer primary key,
      mac text not null,
      cutAtMs integer not null,
      keyId text not null,
      seal text not null
    ) strict`,
    `create trigger auditNeverChanged before update on audit begin
      select raise(abort, 'rows of the audit log are never changed');
    end`,
    `create trigger auditNeverRemoved before delete on audit
      when old.seq > (select coalesce(max(seq), 0) from auditCut) begin
      select raise(abort, 'rows of the audit log are removed by retention only');
    end`,
    // "insert or replace" removes without asking the trigger above.
    `create trigger auditOnlyAppended before insert on audit
      when new.seq <= (select coalesce(max(seq), 0) from audit) begin
      select raise(abort, 'rows of the audit log are added at its end only');
    end`,
    `create trigger auditCutNeverChanged before update on auditCut begin
      select raise(abort, 'cuts of the audit log are never changed');
    end`,
    `create trigger auditCutNeverRemoved before delete on auditCut begin
      select raise(abort, 'cuts of the audit log are never removed');
    end`,
    // The audit entry that an event of the timeline belongs to.
    'alter table linkEvent add column operationId text',
  ],
};

import { EntitySchema } from 'typeorm';

const UNTIL_COMMIT = 'INITIALLY DEFERRED';

/** One row per queue, with its link data. The server keeps them all in memory; PostgreSQL makes them last. */
const queues = new EntitySchema({
  name: 'queues',
  tableName: 'queues',
  columns: {
    recipient_id: { type: 'bytea', primary: true, primaryKeyConstraintName: 'queues_pkey' },
    sender_id: { type: 'bytea' },
    recipient_key: { type: 'bytea' },
    recipient_dh_key: { type: 'bytea' },
    server_dh_seed: { type: 'bytea' },
    new_hash: { type: 'bytea' },
    mode: { type: 'text', nullable: true },
    link_id: { type: 'bytea', nullable: true },
    fixed_data: { type: 'bytea', nullable: true },
    user_data: { type: 'bytea', nullable: true },
    suspended: { type: 'boolean', default: false },
  },
  // within one batch an id may move from one queue to another in any order
  uniques: [
    { name: 'queues_sender_id', columns: ['sender_id'], deferrable: UNTIL_COMMIT },
    { name: 'queues_recipient_key', columns: ['recipient_key'], deferrable: UNTIL_COMMIT },
    { name: 'queues_link_id', columns: ['link_id'], deferrable: UNTIL_COMMIT },
  ],
});

/** One row per message that is not acknowledged; `seq` is the server's order of arrival. */
const messages = new EntitySchema({
  name: 'messages',
  tableName: 'messages',
  columns: {
    seq: { type: 'bigint', primary: true, primaryKeyConstraintName: 'messages_pkey' },
    recipient_id: { type: 'bytea' },
    msg_id: { type: 'bytea' },
    body: { type: 'bytea' },
    quota: { type: 'boolean' },
    trace: { type: 'text', nullable: true },
  },
});

export const smpEntities = [queues, messages];

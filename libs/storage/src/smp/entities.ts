import { EntitySchema } from 'typeorm';

const UNTIL_COMMIT = 'INITIALLY DEFERRED';

/** One row per queue, with its link data. The server keeps them all in memory; PostgreSQL makes them last. */
const queues = new EntitySchema({
  name: 'queues',
  tableName: 'queues',
  columns: {
    recipient_id: { type: 'bytea', primary: true, primaryKeyConstraintName: 'queues_pkey' },
    sender_id: { type: 'bytea' },
    recipient_keys: { type: 'bytea', array: true },
    recipient_dh_key: { type: 'bytea' },
    sender_key: { type: 'bytea', nullable: true },
    server_dh_seed: { type: 'bytea' },
    new_hash: { type: 'bytea' },
    mode: { type: 'text', nullable: true },
    link_id: { type: 'bytea', nullable: true },
    fixed_data: { type: 'bytea', nullable: true },
    user_data: { type: 'bytea', nullable: true },
    status: { type: 'text', default: 'active' },
    updated_on: { type: 'integer' },
  },
  // within one batch an id may move from one queue to another in any order
  uniques: [
    { name: 'queues_sender_id', columns: ['sender_id'], deferrable: UNTIL_COMMIT },
    { name: 'queues_new_hash', columns: ['new_hash'], deferrable: UNTIL_COMMIT },
    { name: 'queues_link_id', columns: ['link_id'], deferrable: UNTIL_COMMIT },
  ],
});

/** One row per commit: the messages that it added and the sequence numbers of those that it removed (message-block.ts). */
const messageBlocks = new EntitySchema({
  name: 'message_blocks',
  tableName: 'message_blocks',
  columns: {
    block: { type: 'bigint', primary: true, primaryKeyConstraintName: 'message_blocks_pkey' },
    added: { type: 'bytea' },
    removed: { type: 'bytea' },
  },
});

export const smpEntities = [queues, messageBlocks];

CREATE TABLE commands (
  seq bigint NOT NULL DEFAULT nextval('commands_seq_seq'::regclass),
  id text NOT NULL,
  noun text NOT NULL,
  record_id text NOT NULL,
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  step text NOT NULL,
  kind text NOT NULL,
  send text,
  lane text NOT NULL,
  aim jsonb,
  peer_server text,
  peer_queue text,
  body bytea,
  seed bytea NOT NULL,
  trace text,
  cause text,
  tries integer NOT NULL DEFAULT 0,
  due_at bigint NOT NULL DEFAULT 0,
  leased_until bigint NOT NULL DEFAULT 0,
  CONSTRAINT commands_pkey PRIMARY KEY (seq)
);
CREATE UNIQUE INDEX commands_id ON commands USING btree (id);
CREATE INDEX commands_lane ON commands USING btree (lane, seq);

CREATE TABLE corroborations (
  digest bytea NOT NULL,
  CONSTRAINT corroborations_pkey PRIMARY KEY (digest)
);

CREATE TABLE delivery_jobs (
  id bigint NOT NULL DEFAULT nextval('delivery_jobs_id_seq'::regclass),
  relay_own_id text NOT NULL,
  identity text NOT NULL,
  author text NOT NULL,
  message_id text NOT NULL,
  element bytea NOT NULL,
  cursor bigint NOT NULL DEFAULT 0,
  job_status text NOT NULL DEFAULT 'pending'::text,
  created_at bigint NOT NULL DEFAULT 0,
  CONSTRAINT delivery_jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX delivery_jobs_of_group ON delivery_jobs USING btree (relay_own_id, job_status, id);
CREATE UNIQUE INDEX delivery_jobs_once ON delivery_jobs USING btree (relay_own_id, author, message_id);

CREATE TABLE departures (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('departures_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  departure_status text NOT NULL,
  CONSTRAINT departures_pkey PRIMARY KEY (id)
);

CREATE TABLE divergent_copies (
  position bigint NOT NULL DEFAULT nextval('divergent_copies_position_seq'::regclass),
  membership_id text NOT NULL,
  author text NOT NULL,
  message_id text NOT NULL,
  via text NOT NULL,
  digest bytea NOT NULL,
  body bytea NOT NULL,
  received_at bigint NOT NULL DEFAULT 0,
  CONSTRAINT divergent_copies_pkey PRIMARY KEY ("position")
);
CREATE UNIQUE INDEX divergent_copies_once ON divergent_copies USING btree (membership_id, author, message_id, via, digest);

CREATE TABLE gaps (
  position bigint NOT NULL DEFAULT nextval('gaps_position_seq'::regclass),
  server text NOT NULL,
  recipient_id bytea NOT NULL,
  membership_id text NOT NULL,
  via text NOT NULL,
  first_number bigint NOT NULL,
  last_number bigint,
  after_time bigint NOT NULL,
  before_time bigint NOT NULL,
  noticed_at bigint NOT NULL,
  CONSTRAINT gaps_pkey PRIMARY KEY ("position")
);
CREATE INDEX gaps_of_membership ON gaps USING btree (membership_id, "position");
CREATE UNIQUE INDEX gaps_once ON gaps USING btree (server, recipient_id, first_number);

CREATE TABLE group_deliveries (
  group_link text NOT NULL,
  received bigint NOT NULL DEFAULT 0,
  duplicates bigint NOT NULL DEFAULT 0,
  CONSTRAINT group_deliveries_pkey PRIMARY KEY (group_link)
);

CREATE TABLE group_members (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('group_members_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  member_status text NOT NULL,
  behind_job bigint,
  retry_at bigint NOT NULL DEFAULT 0,
  tries integer NOT NULL DEFAULT 0,
  CONSTRAINT group_members_pkey PRIMARY KEY (id)
);
CREATE INDEX group_members_behind ON group_members USING btree (identity, group_id) WHERE (behind_job IS NOT NULL);
CREATE INDEX group_members_of_group ON group_members USING btree (group_id, seq);
CREATE INDEX group_members_since ON group_members USING btree (member_status, since);

CREATE TABLE group_relays (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('group_relays_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  relay_status text NOT NULL,
  CONSTRAINT group_relays_pkey PRIMARY KEY (id)
);
CREATE INDEX group_relays_of_group ON group_relays USING btree (group_id, seq);
CREATE INDEX group_relays_since ON group_relays USING btree (relay_status, since);

CREATE TABLE groups (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('groups_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_status text,
  relay_own_status text,
  membership_status text,
  CONSTRAINT groups_pkey PRIMARY KEY (id)
);
CREATE INDEX groups_relay_own_since ON groups USING btree (relay_own_status, since);

CREATE TABLE member_connections (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('member_connections_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  connection_status text NOT NULL,
  CONSTRAINT member_connections_pkey PRIMARY KEY (id)
);
CREATE INDEX member_connections_of_group ON member_connections USING btree (group_id);
CREATE INDEX member_connections_since ON member_connections USING btree (connection_status, since);

CREATE TABLE messages (
  position bigint NOT NULL DEFAULT nextval('messages_position_seq'::regclass),
  membership_id text NOT NULL,
  author text NOT NULL,
  message_id text NOT NULL,
  body bytea NOT NULL,
  via text NOT NULL,
  received_at bigint NOT NULL DEFAULT 0,
  CONSTRAINT messages_pkey PRIMARY KEY ("position")
);
CREATE INDEX messages_of_membership ON messages USING btree (membership_id, "position");
CREATE UNIQUE INDEX messages_once ON messages USING btree (membership_id, author, message_id);

CREATE TABLE owner_connections (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('owner_connections_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  connection_status text NOT NULL,
  CONSTRAINT owner_connections_pkey PRIMARY KEY (id)
);
CREATE INDEX owner_connections_since ON owner_connections USING btree (connection_status, since);

CREATE TABLE owner_relays (
  owner text NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  address text NOT NULL,
  CONSTRAINT owner_relays_pkey PRIMARY KEY (owner, "position")
);

CREATE TABLE pool_links (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('pool_links_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  link_status text NOT NULL,
  CONSTRAINT pool_links_pkey PRIMARY KEY (id)
);
CREATE INDEX pool_links_of_relay ON pool_links USING btree (identity, link_status, seq);

CREATE TABLE posts (
  position bigint NOT NULL DEFAULT nextval('posts_position_seq'::regclass),
  group_id text NOT NULL,
  message_id text NOT NULL,
  body bytea NOT NULL,
  CONSTRAINT posts_pkey PRIMARY KEY ("position")
);
CREATE INDEX posts_of_group ON posts USING btree (group_id, "position");

CREATE TABLE priority_connections (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('priority_connections_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  connection_status text NOT NULL,
  CONSTRAINT priority_connections_pkey PRIMARY KEY (id)
);
CREATE INDEX priority_connections_of_group ON priority_connections USING btree (group_id, seq);
CREATE INDEX priority_connections_since ON priority_connections USING btree (connection_status, since);

CREATE TABLE receive_queues (
  server text NOT NULL,
  recipient_id bytea NOT NULL,
  noun text NOT NULL,
  record_id text NOT NULL,
  identity text NOT NULL,
  protocol text NOT NULL,
  purpose text NOT NULL,
  seed bytea NOT NULL,
  server_dh_key bytea NOT NULL,
  peer_dh_key bytea,
  received_id bigint NOT NULL DEFAULT 0,
  received_hash bytea,
  link_uri text,
  link_id bytea,
  fixed_data bytea,
  attempt integer NOT NULL DEFAULT 1,
  received_time bigint,
  CONSTRAINT receive_queues_pkey PRIMARY KEY (server, recipient_id)
);
CREATE INDEX receive_queues_record ON receive_queues USING btree (record_id);

CREATE TABLE relay_addresses (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('relay_addresses_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  address_status text NOT NULL,
  CONSTRAINT relay_addresses_pkey PRIMARY KEY (id)
);

CREATE TABLE relay_connections (
  id text NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('relay_connections_seq_seq'::regclass),
  identity text NOT NULL,
  protocol text NOT NULL,
  attempt integer NOT NULL DEFAULT 1,
  data jsonb NOT NULL,
  peer_server text,
  peer_queue text,
  trace text,
  since bigint NOT NULL DEFAULT 0,
  group_id text NOT NULL,
  connection_status text NOT NULL,
  CONSTRAINT relay_connections_pkey PRIMARY KEY (id)
);
CREATE INDEX relay_connections_since ON relay_connections USING btree (connection_status, since);

CREATE TABLE send_queues (
  server text NOT NULL,
  sender_id text NOT NULL,
  dh_key bytea NOT NULL,
  seed bytea NOT NULL,
  sent_id bigint NOT NULL DEFAULT 0,
  sent_hash bytea,
  CONSTRAINT send_queues_pkey PRIMARY KEY (server, sender_id)
);

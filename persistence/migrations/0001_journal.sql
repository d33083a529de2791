-- The journal: what has happened, and who may write it. Columns stand in the order that needs no padding.

-- Every event of every stream. Rows are inserted once and never changed. Two indexes, each a rule: positions of a shard and numbers of a stream are
-- given once. A third index would cost a tenth of the throughput.
create table event (
  shard     smallint    not null,
  version   smallint    not null,
  seq       integer     not null,
  pos       bigint      not null,
  stream    bigint      not null,
  at        timestamptz not null,
  command   uuid        not null,
  type      text        not null,
  causation text,
  metadata  json,
  data      json        not null,
  constraint event_position primary key (shard, pos),
  constraint event_stream_seq unique (shard, stream, seq)
) with (
  fillfactor = 100,                            -- nothing is ever updated
  autovacuum_vacuum_insert_scale_factor = 0.05, -- often and little, so that no vacuum ever has the whole table to do
  autovacuum_freeze_min_age = 0                -- what is stored never changes: frozen the first time, never touched again
);

-- A run of the program on a machine. Made once with its lanes; dead for ever once dead.
create table node (
  incarnation uuid        not null,
  number      bigint      generated always as identity, -- which of two runs is the younger
  name        text        not null,
  state       text        not null default 'live' check (state in ('live', 'dead')),
  started_at  timestamptz not null default clock_timestamp(),
  heartbeat   bigint      not null default 0,           -- others watch whether it moves; no stored time decides anything
  seen_at     timestamptz not null default clock_timestamp(), -- for people
  constraint node_pkey primary key (incarnation)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500); -- one update a second: stay in the page, keep it one page

-- A connection that writes. Every append checks its row FOR SHARE; the row changes on reconnection (epoch) and when its node is fenced.
create table lane (
  incarnation uuid     not null,
  lane        smallint not null,
  fenced      boolean  not null default false,
  backend_pid integer,                                  -- whom to terminate if its statement never ends
  epoch       bigint   not null default 0,
  constraint lane_pkey primary key (incarnation, lane)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Who owns a shard.
create table shard (
  shard      smallint not null,
  owner      uuid,
  epoch      bigint   not null default 0,
  floor      bigint   not null default 0,               -- no position at or below it is ever given again, though its events be archived
  generation integer  not null default 1,               -- raised by whoever restores a backup: positions of an older one mean nothing
  constraint shard_pkey primary key (shard)
) with (fillfactor = 50);
insert into shard (shard) select generate_series(0, 63);

-- The identity of a creation, as 16-byte digests. Narrow, since it is one row more an order.
create table submission (
  shard    smallint    not null,
  for_ever boolean     not null,
  family   bigint      not null,
  at       timestamptz not null,
  pair     uuid        not null,
  body     uuid        not null,
  constraint submission_pkey primary key (shard, pair)
) with (autovacuum_vacuum_insert_scale_factor = 0.05);

-- The key that seals a person's data. Deleting the row erases the person.
create table person_key (
  shard  smallint not null,
  person bigint   not null,
  key    bytea    not null,
  constraint person_key_pkey primary key (shard, person)
);

-- The earliest deadline of a stream. Read whole by the owner of a shard, hence no index on due; and so an update stays in its page.
create table wakeup (
  shard  smallint    not null,
  stream bigint      not null,
  due    timestamptz not null,
  constraint wakeup_pkey primary key (shard, stream)
) with (
  fillfactor = 60,                             -- a deadline moves several times before it goes
  autovacuum_vacuum_scale_factor = 0.05,       -- thousands of rows come and go each second
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0             -- the table is small, the churn is not
);

-- A state folded so far, in pages. Only a cache: it may be deleted at any time.
create table snapshot (
  shard   smallint not null,
  version smallint not null,
  seq     integer  not null,
  stream  bigint   not null,
  page    integer  not null default 0,
  type    text     not null,
  data    bytea    not null,
  constraint snapshot_pkey primary key (shard, stream, page)
) with (fillfactor = 80);

-- How far a reader of the journal has come.
create table checkpoint (
  name       text        not null,
  shard      smallint    not null,
  pos        bigint      not null,
  generation integer     not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  constraint checkpoint_pkey primary key (name, shard)
) with (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000); -- 64 rows a reader, rewritten many times a second

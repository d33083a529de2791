-- Who outside is told what happens to orders, and what of it they have not taken yet. How far each has been told is in `checkpoint`, as "webhook:ID".

-- What this installation calls itself in what it tells, for ever: a UUID.
insert into secret (name, key) values ('event-source', decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));

-- An address with the secrets that sign its messages: they must be known to sign, so they are no hashes.
create table webhook_endpoint (
  id            text        not null,
  url           text        not null,
  types         text[]      not null default '{}', -- names of published events; none: every one
  channels      text[]      not null default '{}', -- codes; none: every channel
  status        text        not null check (status in ('active', 'paused', 'gone')),
  secret        bytea       not null,
  former_secret bytea       not null default '',
  former_until  timestamptz,
  request       text        not null default '',   -- digest of the request that made it
  rotation      text        not null default '',   -- id of the request that changed the secret last
  created_by    text        not null default '',
  changed_by    text        not null default '',
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  version       bigint      not null default 1,
  constraint webhook_endpoint_pkey primary key (id)
);

-- What was not taken at once, with what follows it of the same order. Few rows: what is taken at once never comes here, and what an endpoint that does not answer
-- at all misses stays in the journal.
create table webhook_delivery (
  endpoint    text        not null references webhook_endpoint on delete cascade,
  shard       smallint    not null,
  pos         bigint      not null,
  family      bigint      not null,
  id          text        not null,
  type        text        not null,
  at          timestamptz not null, -- when the event was recorded
  fate        text        not null check (fate in ('waiting', 'dead')),
  tries       integer     not null,
  first_try   timestamptz,
  due         timestamptz not null, -- of the next try
  last_status smallint    not null, -- HTTP; 0: no answer
  body        text        not null,
  constraint webhook_delivery_pkey primary key (endpoint, shard, pos)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
create index webhook_delivery_oldest on webhook_delivery (endpoint, fate, at, shard, pos);

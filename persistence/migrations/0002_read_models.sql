-- What lists and decisions read, computed from the journal by the projector under the checkpoint "read_models". Everything here can be rebuilt.

-- One row an order, for lists. Newest first, of all or of one status.
create table order_list (
  family          bigint      not null,
  submitted_at    timestamptz not null,
  updated_at      timestamptz not null,
  total           bigint      not null, -- minor units
  pos             bigint      not null, -- of the last event in this row
  shard           smallint    not null,
  currency        text        not null,
  status          text        not null,
  id              text        not null, -- the number outside, "ord_..."
  channel         text        not null,
  external_number text,
  customer        text,
  constraint order_list_pkey primary key (family)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
create index order_list_newest on order_list (submitted_at, family);
create index order_list_status on order_list (status, submitted_at, family);

-- The newest definition of each channel, product and location: the event itself, as in the journal.
create table channel (
  code         text        not null,
  stream       bigint      not null,
  seq          integer     not null, -- of the event
  at           timestamptz not null,
  type         text        not null,
  type_version smallint    not null,
  data         json        not null,
  constraint channel_pkey primary key (code)
);
create table product (like channel, constraint product_pkey primary key (code));
create table location (like channel, constraint location_pkey primary key (code));

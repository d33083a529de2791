-- What places work at, and what waits for a person, computed from the journal by the projector under the checkpoint "read_models".

create sequence work_change; -- grows with every change of any row below; a page that knows one asks for what came after it

-- One row for each fulfilment and pickup. `data` is its folded state.
create table work_item (
  family     bigint      not null,
  change     bigint      not null,
  placed_at  timestamptz not null,
  updated_at timestamptz not null,
  child      smallint    not null,
  is_open    boolean     not null, -- somebody still works at it, or units are to be put back
  kind       text        not null check (kind in ('fulfilment', 'pickup')),
  location   text        not null,
  status     text        not null,
  data       json        not null,
  constraint work_item_pkey primary key (family, child)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
create index work_item_board on work_item (location, kind, placed_at) where is_open;
create index work_item_changes on work_item (location, change);

-- Processes that wait for a person.
create table parked_process (
  family bigint      not null,
  since  timestamptz not null,
  step   text        not null,
  code   text        not null,
  text   text        not null,
  constraint parked_process_pkey primary key (family)
);
create index parked_process_since on parked_process (since, family);

-- What this installation alone knows, the same on every node, for ever. Made once, of 244 random bits.
create table secret (
  name text  not null,
  key  bytea not null,
  constraint secret_pkey primary key (name)
);
insert into secret (name, key) values ('pickup-code', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

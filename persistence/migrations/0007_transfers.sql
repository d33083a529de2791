-- Goods that go from one place to another, computed from the journal by the projector under the checkpoint "read_models". One row for each transfer; `data` is its folded state.
create table transfer_item (
  family      bigint      not null,
  placed_at   timestamptz not null,
  updated_at  timestamptz not null,
  child       smallint    not null,
  is_open     boolean     not null, -- somebody is to send or to receive it
  source      text        not null,
  destination text        not null,
  data        json        not null,
  constraint transfer_item_pkey primary key (family, child)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
create index transfer_item_going on transfer_item (source, placed_at) where is_open;
create index transfer_item_coming on transfer_item (destination, placed_at) where is_open;

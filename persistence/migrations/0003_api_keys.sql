-- Who may call, and on whose behalf. Of the secret only its hash is kept.
create table api_key (
  id         text        not null,
  sha256     bytea       not null,
  role       text        not null check (role in ('gateway', 'staff', 'finance', 'operator', 'auditor', 'admin')),
  channels   text[]      not null default '{}', -- codes; none: every channel
  stores     text[]      not null default '{}', -- codes of locations; none: every location
  entities   text[]      not null default '{}', -- codes of legal entities; none: every one
  person     text        not null default '',   -- who or which device holds it; empty: a program
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz,
  constraint api_key_pkey primary key (id),
  constraint api_key_sha256 unique (sha256)
);

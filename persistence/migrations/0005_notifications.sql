-- How far customers have been told what happens to their orders: everything up to a shard's position is with the notification provider, or was not to be told. What
-- happened before this migration is not told any more.
insert into checkpoint (name, shard, pos, generation)
select 'notifications', s.shard, coalesce((select max(e.pos) from event e where e.shard = s.shard), s.floor), s.generation from shard s
on conflict do nothing;

with taken as (delete from hand_off where id = any ($1::bigint[]) returning id)
select 1 / (count(*) = $2::integer)::integer from taken

/* Element by element; the shorter one counts as zeros. */
create function "histogram_add_any"(a integer[], b integer[]) returns integer[] language sql immutable parallel safe as $$
  select array(select coalesce(x, 0) + coalesce(y, 0) from unnest(a, b) with ordinality as t(x, y, n) order by n)
$$;

/* The same. All that the server makes have 32 buckets. One expression without a subquery becomes part of the statement that calls it,
   at 2 us in place of 10. */
create or replace function "histogram_add"(a integer[], b integer[]) returns integer[] language sql immutable parallel safe as $$
  select case
    when a = '{}' then b
    when b = '{}' then a
    when cardinality(a) = 32 and cardinality(b) = 32 then array[
      a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6], a[7] + b[7], a[8] + b[8],
      a[9] + b[9], a[10] + b[10], a[11] + b[11], a[12] + b[12], a[13] + b[13], a[14] + b[14], a[15] + b[15], a[16] + b[16],
      a[17] + b[17], a[18] + b[18], a[19] + b[19], a[20] + b[20], a[21] + b[21], a[22] + b[22], a[23] + b[23], a[24] + b[24],
      a[25] + b[25], a[26] + b[26], a[27] + b[27], a[28] + b[28], a[29] + b[29], a[30] + b[30], a[31] + b[31], a[32] + b[32]]
    else histogram_add_any(a, b)
  end
$$;

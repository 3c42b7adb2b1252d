select due_at from order_line where destination_id = $1 order by due_at limit 1

-- One taker at a time.
UPDATE handover_stock SET hall = hall WHERE hall = $1

-- The public ledger is read by day.
CREATE INDEX seals_order_by_time ON seals_order (ordered_at);

-- Counts the changes of the contract's links, as events of these are numbered; the version of the contract does not.
ALTER TABLE contract ADD COLUMN link_changes bigint NOT NULL DEFAULT 0;

-- How often all sessions of a user were ended at once. Whoever proved who he is before the last time proved it in vain.
ALTER TABLE bank_user ADD COLUMN sign_in_epoch bigint NOT NULL DEFAULT 0;

-- The user's when he signed in.
ALTER TABLE authorization_code ADD COLUMN sign_in_epoch bigint NOT NULL DEFAULT 0;

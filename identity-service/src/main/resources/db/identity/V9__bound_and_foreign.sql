ALTER TABLE session
    -- Thumbprint (RFC 7638) of the key its refresh tokens are bound to. Null: to none.
    ADD COLUMN jkt text;

ALTER TABLE oauth_client
    -- Where the sign-in page may send a user back to, compared letter by letter.
    ADD COLUMN redirect_uris text[]      NOT NULL DEFAULT '{}',
    -- Public keys (RFC 7517) of a client that proves itself by signed assertions. Null: it does not.
    ADD COLUMN jwks          text,
    -- It takes tokens bound to a key alone (RFC 9449).
    ADD COLUMN dpop_bound    boolean     NOT NULL DEFAULT false,
    ADD COLUMN created_at    timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN version       bigint      NOT NULL DEFAULT 1,
    ADD CHECK (secret_hash IS NULL OR jwks IS NULL);

ALTER TABLE oauth_client
    ADD COLUMN origin             text NOT NULL DEFAULT 'REGISTRY'
        CHECK (origin IN ('BUILT_IN', 'SETTINGS', 'REGISTRY')),
    -- Names the secret, which is derived from it by a key that is not in the database. Null: none was made here.
    ADD COLUMN secret_id          uuid,
    -- What the secret before, the one of secret_hash or of old_secret_id, is good for still.
    ADD COLUMN old_secret_id      uuid,
    ADD COLUMN old_secret_ends_at timestamptz,
    -- Its row is kept, so that its id never names another.
    ADD COLUMN deleted_at         timestamptz,
    ADD CHECK (secret_id IS NULL OR jwks IS NULL);
UPDATE oauth_client SET origin = CASE WHEN first_party THEN 'BUILT_IN' ELSE 'SETTINGS' END;
CREATE INDEX oauth_client_newest ON oauth_client (created_at DESC, id DESC) WHERE deleted_at IS NULL;

CREATE INDEX session_of_client ON session (client_id) WHERE ended_at IS NULL;

-- Assertions (RFC 7523) that clients have proved themselves by, each of which counts once.
CREATE TABLE client_assertion (
    client_id text        NOT NULL,
    -- SHA-256 of its jti.
    jti       bytea       NOT NULL CHECK (length(jti) = 32),
    -- From when on it would be refused anyway.
    ends_at   timestamptz NOT NULL,
    CONSTRAINT client_assertion_pk PRIMARY KEY (client_id, jti)
);
CREATE INDEX client_assertion_ends ON client_assertion (ends_at);

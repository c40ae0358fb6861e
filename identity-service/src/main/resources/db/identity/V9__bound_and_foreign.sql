ALTER TABLE session
    -- Thumbprint (RFC 7638) of the key its refresh tokens are bound to. Null: to none.
    ADD COLUMN jkt             text,
    -- SHA-256 of what names the session at another issuer that it stands for. Null: the user signed in here.
    ADD COLUMN foreign_session bytea CHECK (length(foreign_session) = 32);
CREATE UNIQUE INDEX session_foreign_key ON session (foreign_session) WHERE foreign_session IS NOT NULL;

-- Accounts of users at other issuers.
CREATE TABLE external_identity (
    id          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT external_identity_pk PRIMARY KEY,
    user_id     bigint      NOT NULL CONSTRAINT external_identity_user REFERENCES bank_user,
    -- URL of the issuer.
    issuer      text        NOT NULL,
    subject     text        NOT NULL,
    -- The user was made for the account, and his role follows it.
    provisioned boolean     NOT NULL,
    -- As the issuer told it; proof of nothing.
    email       text        NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT external_identity_key UNIQUE (issuer, subject)
);
CREATE INDEX external_identity_of_user ON external_identity (user_id, id DESC);

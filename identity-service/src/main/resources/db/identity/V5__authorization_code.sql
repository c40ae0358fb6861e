-- Codes the sign-in page gives, kept for some time after their use, so that a second use is noticed.
CREATE TABLE authorization_code (
    -- SHA-256 of the code, which itself is kept nowhere.
    digest       bytea       CONSTRAINT authorization_code_pk PRIMARY KEY CHECK (length(digest) = 32),
    client_id    text        NOT NULL REFERENCES oauth_client ON DELETE CASCADE,
    user_id      bigint      NOT NULL REFERENCES bank_user,
    redirect_uri text        NOT NULL,
    -- Of the client's proof (RFC 7636, S256).
    challenge    text        NOT NULL,
    scopes       text[]      NOT NULL,
    nonce        text,
    signed_in_at timestamptz NOT NULL,
    -- Where the user was when he signed in.
    address      text        NOT NULL,
    agent        text        NOT NULL,
    created_at   timestamptz NOT NULL,
    -- When it was exchanged, and for which session.
    spent_at     timestamptz,
    session_id   uuid,
    CHECK ((spent_at IS NULL) = (session_id IS NULL))
);
CREATE INDEX authorization_code_created ON authorization_code (created_at);

-- What a user lets the client of the session do. Null: a client of the bank itself, which may do whatever he may.
ALTER TABLE session ADD COLUMN scopes text[];

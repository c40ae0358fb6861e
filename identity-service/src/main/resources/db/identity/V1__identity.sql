CREATE TABLE bank_user (
    id                  bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT user_pk PRIMARY KEY,
    email               text        NOT NULL CONSTRAINT user_email_key UNIQUE
                                    CONSTRAINT user_email_folded CHECK (email = lower(email)),
    first_name          text        NOT NULL DEFAULT '',
    last_name           text        NOT NULL DEFAULT '',
    middle_name         text        NOT NULL DEFAULT '',
    birthday            date,
    sex                 text        NOT NULL DEFAULT 'UNKNOWN' CHECK (sex IN ('UNKNOWN', 'MALE', 'FEMALE')),
    address             text        NOT NULL DEFAULT '',
    phone_number        text        NOT NULL DEFAULT '',
    tax_number          text        NOT NULL DEFAULT '',
    financial_position  text        CHECK (financial_position IN ('STABLE', 'CRITICAL', 'WATCHED')),
    role                text        NOT NULL CHECK (role IN ('CLIENT', 'EMPLOYEE', 'ADMIN')),
    status              text        NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'BLOCKED', 'DECEASED')),
    verification        text        NOT NULL DEFAULT 'UNVERIFIED'
                                    CHECK (verification IN ('UNVERIFIED', 'PENDING', 'VERIFIED', 'REJECTED')),
    verification_reason text,
    created_at          timestamptz NOT NULL,
    version             bigint      NOT NULL DEFAULT 1
);
CREATE INDEX user_admin ON bank_user (id) WHERE role = 'ADMIN';

-- Apart from the user, so that reading a user never reads his password hash.
CREATE TABLE user_password (
    user_id    bigint      CONSTRAINT user_password_pk PRIMARY KEY REFERENCES bank_user,
    hash       text        NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE identifier (
    user_id    bigint      NOT NULL REFERENCES bank_user,
    type       text        NOT NULL CHECK (type IN ('NIN', 'NHS')),
    value      text        NOT NULL,
    verified   boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT identifier_pk PRIMARY KEY (user_id, type)
);
-- An unverified identifier blocks nobody.
CREATE UNIQUE INDEX identifier_verified_key ON identifier (type, value) WHERE verified;

CREATE TABLE oauth_client (
    id          text    CONSTRAINT oauth_client_pk PRIMARY KEY,
    name        text    NOT NULL,
    -- Null: a public client, which keeps no secret.
    secret_hash text,
    scopes      text[]  NOT NULL,
    grants      text[]  NOT NULL
        CHECK (grants <@ ARRAY ['PASSWORD', 'REFRESH_TOKEN', 'CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE']),
    first_party boolean NOT NULL DEFAULT false
);
INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, first_party)
VALUES ('bank-cli', 'Bank command line', NULL, '{}', '{PASSWORD,REFRESH_TOKEN}', true);

-- One sign-in, and the family of its refresh tokens. No token is stored: each is derived from the
-- family's secret, which is stored encrypted, and its generation.
CREATE TABLE session (
    id           uuid        CONSTRAINT session_pk PRIMARY KEY,
    user_id      bigint      NOT NULL REFERENCES bank_user,
    client_id    text        NOT NULL REFERENCES oauth_client,
    secret       bytea       NOT NULL,
    generation   bigint      NOT NULL,
    rotated_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    address      text        NOT NULL,
    agent        text        NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_open ON session (user_id, created_at DESC) WHERE ended_at IS NULL;
CREATE INDEX session_created ON session (created_at);

CREATE TABLE signing_key (
    kid         text        CONSTRAINT signing_key_pk PRIMARY KEY,
    state       text        NOT NULL CHECK (state IN ('NEXT', 'ACTIVE', 'RETIRED')),
    public_jwk  text        NOT NULL,
    -- Private JWK, encrypted by the key from the environment.
    private_jwk bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    retired_at  timestamptz CHECK ((state = 'RETIRED') = (retired_at IS NOT NULL))
);
-- One key signs, and at most one waits for its turn.
CREATE UNIQUE INDEX signing_key_turn ON signing_key (state) WHERE state IN ('NEXT', 'ACTIVE');

-- Failed sign-ins. A row may stay when it counts none; what is old is purged.
CREATE TABLE sign_in_counter (
    -- Code of what is counted: an account, an account at an address known for it, an address. An account is an e-mail,
    -- whether somebody has it or not.
    key          bytea       CONSTRAINT sign_in_counter_pk PRIMARY KEY CHECK (length(key) = 32),
    -- Code of the account; null for an address.
    account      bytea       CHECK (length(account) = 32),
    failures     integer     NOT NULL CHECK (failures >= 0),
    failed_at    timestamptz NOT NULL,
    paused_until timestamptz
) WITH (fillfactor = 70);
CREATE INDEX sign_in_counter_account ON sign_in_counter (account) WHERE account IS NOT NULL;
CREATE INDEX sign_in_counter_failed ON sign_in_counter (failed_at);

-- Where somebody signed in from.
CREATE TABLE sign_in_address (
    account      bytea       NOT NULL CHECK (length(account) = 32),
    address      bytea       NOT NULL CHECK (length(address) = 32),
    signed_in_at timestamptz NOT NULL,
    CONSTRAINT sign_in_address_pk PRIMARY KEY (account, address)
);
CREATE INDEX sign_in_address_signed_in ON sign_in_address (signed_in_at);

CREATE INDEX audit_event_type ON audit_event (type, number DESC);
CREATE INDEX audit_event_at ON audit_event (at);

ALTER TABLE signing_key ADD COLUMN activated_at timestamptz;
UPDATE signing_key SET activated_at = created_at WHERE state <> 'NEXT';
ALTER TABLE signing_key
    DROP CONSTRAINT signing_key_state_check,
    DROP CONSTRAINT signing_key_check,
    ADD CONSTRAINT signing_key_state_check CHECK (state IN ('NEXT', 'ACTIVE', 'RETIRED', 'WITHDRAWN')),
    ADD CONSTRAINT signing_key_retired_check CHECK ((state IN ('RETIRED', 'WITHDRAWN')) = (retired_at IS NOT NULL)),
    ADD CONSTRAINT signing_key_activated_check CHECK (state <> 'ACTIVE' OR activated_at IS NOT NULL);

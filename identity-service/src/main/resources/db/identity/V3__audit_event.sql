-- What happened to accounts, sessions, clients and keys. Rows are only ever added: each carries a code over itself
-- and the code of the row before it, made with a key that is not in the database.
CREATE TABLE audit_event (
    -- From 1, without gaps.
    number     bigint      CONSTRAINT audit_event_pk PRIMARY KEY,
    at         timestamptz NOT NULL,
    type       text        NOT NULL,
    -- Who did it, e.g. 'user:17', 'client:abs-integration', 'anonymous'.
    actor      text        NOT NULL,
    -- Whom or what it was done to, e.g. 'user:17'.
    subject    text        NOT NULL,
    address    text        NOT NULL,
    agent      text        NOT NULL,
    request_id text        NOT NULL,
    detail     text        NOT NULL,
    code       bytea       NOT NULL CHECK (length(code) = 32)
);
CREATE INDEX audit_event_subject ON audit_event (subject, number DESC);
CREATE INDEX audit_event_actor ON audit_event (actor, number DESC);

-- The newest row, locked by whoever adds the next one. It tells rows cut off at the end.
CREATE TABLE audit_head (
    single boolean CONSTRAINT audit_head_pk PRIMARY KEY DEFAULT true CHECK (single),
    number bigint  NOT NULL,
    code   bytea   NOT NULL CHECK (length(code) = 32)
);
INSERT INTO audit_head (number, code) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION audit_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are only ever added';
END
$$;
CREATE TRIGGER audit_event_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_kept();

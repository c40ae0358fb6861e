-- What happened to documents, for those who watch, kept for a while; a deletion too. Numbers are taken while the row of
-- the document is locked, so they grow with its changes. Positions are given without gaps to changes that stand, by one
-- at a time: whoever has read up to a position has read all that will ever be below it. Null until then.
CREATE TABLE document_log (
    number      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT document_log_pk PRIMARY KEY,
    position    bigint      CONSTRAINT document_log_position UNIQUE,
    document_id bigint      NOT NULL,
    user_id     bigint      NOT NULL,
    type        text        NOT NULL CONSTRAINT document_log_type CHECK (type IN
        ('uploaded', 'status_changed', 'content_replaced', 'deleted')),
    from_status text,
    to_status   text,
    version     integer     NOT NULL,
    revision    bigint      NOT NULL,
    actor       text        NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX document_log_unplaced ON document_log (number) WHERE position IS NULL;
CREATE INDEX document_log_by_user ON document_log (user_id, position);

-- The last position given, and the last one forgotten. One row, locked by whoever gives or forgets.
CREATE TABLE document_log_end (
    id        integer CONSTRAINT document_log_end_pk PRIMARY KEY CONSTRAINT document_log_end_one CHECK (id = 1),
    given     bigint NOT NULL,
    forgotten bigint NOT NULL
);
INSERT INTO document_log_end (id, given, forgotten) VALUES (1, 0, 0);

-- What identity-service told of users: those who have died. Their documents are held against deletion. Stays when one
-- turns out to live, with the version of what was told, so that an older word that comes late counts for nothing.
CREATE TABLE deceased_user (
    user_id  bigint  CONSTRAINT deceased_user_pk PRIMARY KEY,
    version  bigint  NOT NULL,
    deceased boolean NOT NULL
);

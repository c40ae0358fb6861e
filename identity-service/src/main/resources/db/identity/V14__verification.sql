-- What a registry was last asked about a user, and what came of it.
CREATE TABLE verification (
    user_id         bigint      CONSTRAINT verification_pk PRIMARY KEY REFERENCES bank_user,
    -- An answer that names another is an answer to an earlier request, and counts no more.
    request_id      uuid        NOT NULL,
    -- How often a registry was asked to be asked: the version of the events about it.
    requests        bigint      NOT NULL,
    identifier_type text        NOT NULL,
    status          text        NOT NULL CHECK (status IN ('UNVERIFIED', 'PENDING', 'VERIFIED', 'REJECTED')),
    reason          text        CHECK (reason IN ('INCOMPLETE', 'UNKNOWN_IDENTIFIER', 'MISMATCH', 'DECEASED',
                                                  'IDENTIFIER_TAKEN', 'REGISTRY_UNAVAILABLE')),
    requested_at    timestamptz NOT NULL,
    -- Null: an answer is awaited.
    completed_at    timestamptz CHECK (completed_at IS NOT NULL OR status IN ('UNVERIFIED', 'PENDING')),
    attempts        integer     NOT NULL DEFAULT 0,
    -- Null: the request is not among the dead letters.
    parked_at       timestamptz CHECK (parked_at IS NULL OR completed_at IS NULL),
    -- Requests by the user himself since a time, which are limited.
    own_requests    integer     NOT NULL DEFAULT 0,
    own_since       timestamptz,
    CONSTRAINT verification_identifier FOREIGN KEY (user_id, identifier_type) REFERENCES identifier (user_id, type)
);
CREATE INDEX verification_parked ON verification (parked_at, user_id) WHERE parked_at IS NOT NULL;

-- Nobody was asked about identifiers given before: their users may have it done.
INSERT INTO verification (user_id, request_id, requests, identifier_type, status, requested_at, completed_at)
SELECT DISTINCT ON (i.user_id) i.user_id, gen_random_uuid(), 0, i.type, u.verification, i.created_at, i.created_at
FROM identifier i JOIN bank_user u ON u.id = i.user_id
ORDER BY i.user_id, i.verified DESC, i.created_at DESC;

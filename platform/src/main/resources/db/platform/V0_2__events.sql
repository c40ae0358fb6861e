-- Events on their way to Kafka, written in the transaction of what they tell of and removed once Kafka has them. Those of
-- one topic and key are in one lane, their numbers in the order of their transactions.
CREATE TABLE event_outbox (
    lane       integer     NOT NULL,
    number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    topic      text        NOT NULL,
    key        text        NOT NULL,
    -- Name, value, name, value and so on.
    headers    text[]      NOT NULL,
    value      bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT event_outbox_pk PRIMARY KEY (lane, number)
) WITH (
    -- Every row is soon dead, whatever the size of the table.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000
);

-- Events a consumer has worked, kept as long as they may come again.
CREATE TABLE event_inbox (
    consumer  text        NOT NULL,
    source    text        NOT NULL,
    event_id  text        NOT NULL,
    worked_at timestamptz NOT NULL,
    CONSTRAINT event_inbox_pk PRIMARY KEY (consumer, event_id, source)
);
CREATE INDEX event_inbox_worked ON event_inbox (worked_at);

-- The first event of a topic and key that a consumer could not work yet: retrying, or parked as a dead letter.
CREATE TABLE event_held (
    id         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    consumer   text        NOT NULL,
    topic      text        NOT NULL,
    key        text        NOT NULL,
    source     text        NOT NULL,
    event_id   text        NOT NULL,
    partition  integer     NOT NULL,
    "offset"   bigint      NOT NULL,
    headers    text[]      NOT NULL,
    value      bytea       NOT NULL,
    attempts   integer     NOT NULL,
    reason     text        NOT NULL,
    parked     boolean     NOT NULL,
    due_at     timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT event_held_pk PRIMARY KEY (consumer, topic, key),
    CONSTRAINT event_held_id UNIQUE (id)
);

-- Later events of the topic and key, worked in the order of their numbers when the held one is.
CREATE TABLE event_waiting (
    number    bigint  NOT NULL GENERATED ALWAYS AS IDENTITY,
    consumer  text    NOT NULL,
    topic     text    NOT NULL,
    key       text    NOT NULL,
    source    text    NOT NULL,
    event_id  text    NOT NULL,
    partition integer NOT NULL,
    "offset"  bigint  NOT NULL,
    headers   text[]  NOT NULL,
    value     bytea   NOT NULL,
    CONSTRAINT event_waiting_pk PRIMARY KEY (consumer, topic, key, number),
    CONSTRAINT event_waiting_once UNIQUE (consumer, topic, key, event_id, source)
);

-- Answers to mutations sent with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency_key (
    caller       text        NOT NULL,
    rpc          text        NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    response     bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_key_pk PRIMARY KEY (caller, rpc, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- Random keys the service makes for itself, such as the one that seals page tokens.
CREATE TABLE service_secret (
    name  text  CONSTRAINT service_secret_pk PRIMARY KEY,
    value bytea NOT NULL
);

-- Jobs of db-scheduler, in the form its documentation gives for PostgreSQL.
CREATE TABLE scheduled_tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    CONSTRAINT scheduled_tasks_pk PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
CREATE INDEX scheduled_tasks_priority ON scheduled_tasks (priority DESC, execution_time ASC);

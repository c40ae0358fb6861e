-- A contract with a user of the bank. The version counts its changes.
CREATE TABLE contract (
    id          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT contract_pk PRIMARY KEY,
    user_id     bigint      NOT NULL,
    description text        NOT NULL CONSTRAINT contract_description_length CHECK (length(description) <= 1000),
    status      text        NOT NULL CONSTRAINT contract_status_known CHECK (status IN ('DRAFT', 'ACTIVE', 'ARCHIVED')),
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX contract_user ON contract (user_id, id);
CREATE INDEX contract_status ON contract (status, id);
CREATE INDEX contract_user_status ON contract (user_id, status, id);

-- A document's tie to a contract. The document is held at document-service while the status is not REVOKED.
CREATE TABLE contract_link (
    id          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT contract_link_pk PRIMARY KEY,
    contract_id bigint      NOT NULL CONSTRAINT contract_link_contract REFERENCES contract,
    document_id bigint      NOT NULL,
    status      text        NOT NULL
        CONSTRAINT contract_link_status_known CHECK (status IN ('ACTIVE', 'ARCHIVED', 'REVOKED')),
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT contract_link_pair UNIQUE (contract_id, document_id)
);
CREATE INDEX contract_link_contract_id ON contract_link (contract_id, id);

-- What document-service may not know yet of a link. A row stands from before the call that tells it
-- until it is known to have arrived; past its due time a job tells it again.
CREATE TABLE link_task (
    contract_id bigint      NOT NULL CONSTRAINT link_task_contract REFERENCES contract,
    document_id bigint      NOT NULL,
    wanted      text        NOT NULL CONSTRAINT link_task_wanted_known CHECK (wanted IN ('HELD', 'RELEASED')),
    generation  bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    CONSTRAINT link_task_pk PRIMARY KEY (contract_id, document_id)
);
CREATE INDEX link_task_due ON link_task (due_at);

-- Orders the holds and releases of a link; allocated under the lock of the contract's row.
CREATE SEQUENCE hold_generation;

-- Organisations of clients (original: cabinets), each below another or at the top.
CREATE TABLE organization (
    id         bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT organization_pk PRIMARY KEY,
    parent_id  bigint      REFERENCES organization CHECK (parent_id <> id),
    name       text        NOT NULL CHECK (name <> ''),
    type       text        NOT NULL CHECK (type IN ('CUSTOMER', 'PARTNER', 'VENDOR')),
    tax_number text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    version    bigint      NOT NULL DEFAULT 1
);
CREATE INDEX organization_parent ON organization (parent_id, id DESC);
CREATE INDEX organization_type ON organization (type, id DESC);

CREATE TABLE organization_member (
    organization_id bigint      NOT NULL REFERENCES organization,
    user_id         bigint      NOT NULL REFERENCES bank_user,
    -- He administers it and all below it.
    admin           boolean     NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT organization_member_pk PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_member_user ON organization_member (user_id, organization_id);

ALTER TABLE bank_user
    -- Why the account may not sign in; empty while it may.
    ADD COLUMN status_reason           text    NOT NULL DEFAULT '',
    -- An organisation blocked it, and so may let it in again; otherwise the bank did.
    ADD COLUMN blocked_by_organization boolean NOT NULL DEFAULT false,
    -- Organisation whose administrator made it. Null: the user himself or the bank did.
    ADD COLUMN made_by                 bigint  REFERENCES organization;
CREATE INDEX user_role ON bank_user (role, id DESC);
CREATE INDEX user_status ON bank_user (status, id DESC);
-- Ordered letter by letter, for prefixes.
CREATE INDEX user_email_prefix ON bank_user (email COLLATE "C");

-- Why the user may not sign in although his sessions go on: he is said to have died. Empty: nobody says so.
ALTER TABLE bank_user ADD COLUMN sign_in_hold text NOT NULL DEFAULT '';

-- What HMRC said last of the death of a person, who need not be a user yet.
CREATE TABLE death (
    nin       text        CONSTRAINT death_pk PRIMARY KEY,
    state     text        NOT NULL CHECK (state IN ('INFORMAL', 'FORMAL', 'REMOVED')),
    -- Number of the notice among those of the person; an older one undoes nothing.
    version   bigint      NOT NULL,
    reference text        NOT NULL,
    noted_at  timestamptz NOT NULL
);

-- What the account of a deceased user was before, should he live after all.
CREATE TABLE status_before_death (
    user_id                 bigint  CONSTRAINT status_before_death_pk PRIMARY KEY REFERENCES bank_user,
    status                  text    NOT NULL CHECK (status IN ('ACTIVE', 'BLOCKED')),
    status_reason           text    NOT NULL,
    blocked_by_organization boolean NOT NULL
);

-- Equality beside ranges in an exclusion constraint. PostgreSQL brings it along, and an owner of the database may add it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The sandbox's own register of patients. Empty where the NHS is asked over HTTP.
CREATE TABLE patient (
    nhs_number text    CONSTRAINT patient_pk PRIMARY KEY,
    first_name text    NOT NULL,
    last_name  text    NOT NULL,
    birthday   date    NOT NULL,
    practice   text    NOT NULL,
    dead       boolean NOT NULL
);

-- The sandbox's own register of taxpayers. Empty where HMRC is asked over HTTP.
CREATE TABLE taxpayer (
    nin        text    CONSTRAINT taxpayer_pk PRIMARY KEY,
    first_name text    NOT NULL,
    last_name  text    NOT NULL,
    birthday   date    NOT NULL,
    dead       boolean NOT NULL
);

-- Who was verified as whom: by an identifier one user alone.
CREATE TABLE verified_person (
    user_id     bigint      NOT NULL,
    type        text        NOT NULL CONSTRAINT verified_person_type_known CHECK (type IN ('NIN', 'NHS')),
    value       text        NOT NULL,
    verified_at timestamptz NOT NULL,
    CONSTRAINT verified_person_pk PRIMARY KEY (user_id, type),
    CONSTRAINT verified_person_identifier UNIQUE (type, value)
);

-- A time with a doctor.
CREATE TABLE slot (
    id        bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT slot_pk PRIMARY KEY,
    doctor    text        NOT NULL,
    practice  text        NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    CONSTRAINT slot_lasts CHECK (starts_at < ends_at),
    CONSTRAINT slot_doctor UNIQUE (doctor, starts_at)
);
CREATE INDEX slot_start ON slot (starts_at, id);

-- A booked slot. Times are those of the slot, which does not change.
CREATE TABLE appointment (
    id           bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT appointment_pk PRIMARY KEY,
    slot_id      bigint      NOT NULL CONSTRAINT appointment_slot REFERENCES slot,
    nhs_number   text        NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    status       text        NOT NULL CONSTRAINT appointment_status_known CHECK (status IN ('BOOKED', 'CANCELLED')),
    booked_at    timestamptz NOT NULL,
    booked_by    text        NOT NULL,
    cancelled_at timestamptz,
    cancelled_by text
);
-- Of two that are broken at once, the first one made is told.
CREATE UNIQUE INDEX appointment_slot_booked ON appointment (slot_id) WHERE status = 'BOOKED';
ALTER TABLE appointment ADD CONSTRAINT appointment_overlap
    EXCLUDE USING gist (nhs_number WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'BOOKED');
CREATE INDEX appointment_slot_any ON appointment (slot_id);
CREATE INDEX appointment_patient ON appointment (nhs_number, id);
CREATE INDEX appointment_status ON appointment (status, id);
CREATE INDEX appointment_patient_status ON appointment (nhs_number, status, id);

-- What HMRC said of a person's death, one after another. The version counts what was said of the person.
CREATE TABLE death_notice (
    reference   uuid        CONSTRAINT death_notice_pk PRIMARY KEY,
    nin         text        NOT NULL,
    version     bigint      NOT NULL,
    state       text        NOT NULL
        CONSTRAINT death_notice_state_known CHECK (state IN ('INFORMAL', 'FORMAL', 'REMOVED')),
    reported_at timestamptz NOT NULL,
    reported_by text        NOT NULL,
    CONSTRAINT death_notice_version UNIQUE (nin, version)
);

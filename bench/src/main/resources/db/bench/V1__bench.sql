-- A change of the kind whose events are measured.
CREATE TABLE change (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT change_pk PRIMARY KEY,
    document_id bigint NOT NULL,
    status      text   NOT NULL
);

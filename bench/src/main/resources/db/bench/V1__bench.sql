-- Documents and their changes, of the kind whose events are measured.
CREATE TABLE change (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT change_pk PRIMARY KEY,
    document_id bigint NOT NULL,
    status      text   NOT NULL
);

CREATE TABLE document (
    id     bigint CONSTRAINT document_pk PRIMARY KEY,
    status text NOT NULL
);
INSERT INTO document SELECT n, 'processing' FROM generate_series(1, 500) n;

CREATE TABLE note (
    id   bigint CONSTRAINT note_pk PRIMARY KEY,
    text text NOT NULL CONSTRAINT note_text_length CHECK (length(text) <= 10)
);

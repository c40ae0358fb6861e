-- Role that the issuer of the session it stands for gave at the last exchange. Null: the user signed in here, or there has
-- been no exchange since this column.
ALTER TABLE session ADD COLUMN foreign_role text CHECK (foreign_role IN ('CLIENT', 'EMPLOYEE', 'ADMIN'));

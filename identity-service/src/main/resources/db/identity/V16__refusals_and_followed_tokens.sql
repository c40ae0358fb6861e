-- The pause whose first refusal the audit log has: until when it lasts.
ALTER TABLE sign_in_counter ADD COLUMN refusal_told timestamptz;

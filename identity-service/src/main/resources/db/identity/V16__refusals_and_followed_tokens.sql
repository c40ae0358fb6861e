-- The pause whose first refusal the audit log has: until when it lasts.
ALTER TABLE sign_in_counter ADD COLUMN refusal_told timestamptz;
-- When the newest token was issued whose role the user was given. Null: none was since this column.
ALTER TABLE external_identity ADD COLUMN followed_at timestamptz;

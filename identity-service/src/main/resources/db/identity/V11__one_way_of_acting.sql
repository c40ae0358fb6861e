-- A client that acts for users asks each of them; acting for itself beside that, it could do unasked what it asks for.
UPDATE oauth_client SET grants = array_remove(grants, 'CLIENT_CREDENTIALS'), version = version + 1
WHERE grants @> ARRAY ['CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE'];
ALTER TABLE oauth_client ADD CONSTRAINT oauth_client_one_way_of_acting
    CHECK (NOT grants @> ARRAY ['CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE']);

-- For the same reason: no user is asked for these.
UPDATE oauth_client
SET scopes = array_remove(array_remove(scopes, 'tokens:exchange'), 'tokens:introspect'), version = version + 1
WHERE grants @> ARRAY ['AUTHORIZATION_CODE'] AND scopes && ARRAY ['tokens:exchange', 'tokens:introspect'];

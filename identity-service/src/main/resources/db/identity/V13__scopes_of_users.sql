-- Users are asked only for what some rpc lets an application do for them. These let in machines alone.
UPDATE oauth_client
SET scopes = ARRAY(SELECT scope FROM unnest(scopes) WITH ORDINALITY AS had (scope, place)
                   WHERE scope <> ALL (ARRAY ['documents:process', 'documents:hold', 'users:write', 'audit:read',
                                              'calls:forward', 'tokens:exchange', 'tokens:introspect'])
                   ORDER BY place),
    version = version + 1
WHERE grants @> ARRAY ['AUTHORIZATION_CODE']
  AND scopes && ARRAY ['documents:process', 'documents:hold', 'users:write', 'audit:read', 'calls:forward',
                       'tokens:exchange', 'tokens:introspect'];

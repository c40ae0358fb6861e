-- Versions of the interface; the state of each follows from its dates.
CREATE TABLE api_version (
    version text PRIMARY KEY CHECK (version ~ '^v[1-9][0-9]{0,3}$'),
    deprecated_at timestamptz,
    sunset_at timestamptz CHECK (sunset_at IS NULL OR (deprecated_at IS NOT NULL AND sunset_at >= deprecated_at)),
    info_url text NOT NULL DEFAULT '' CHECK (info_url = '' OR info_url ~ '^https?://[!-~]+$')
);

INSERT INTO api_version (version) VALUES ('v1');

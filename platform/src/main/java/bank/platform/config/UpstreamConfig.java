package bank.platform.config;

/// Settings of a service that calls others: who it is to them.
public interface UpstreamConfig {
    /// Address of identity-service, `host:port`.
    String identity();

    /// Name of this service as a machine client, e.g. `document-service`.
    String clientId();

    /// Its secret.
    String clientSecret();
}

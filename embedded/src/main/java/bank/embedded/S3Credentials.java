package bank.embedded;

/// What requests to an S3 server are signed with.
///
/// @param accessKey the public name of the key
/// @param secretKey the key itself
public record S3Credentials(String accessKey, String secretKey) {

    /// Leaves out the secret, so that the record may be logged.
    @Override
    public String toString() {
        return "S3Credentials[" + accessKey + "]";
    }
}

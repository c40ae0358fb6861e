package bank.document.blob;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Content kept in a bucket of an S3 server, addressed by path. Needs no more of it than objects, ranges
/// and presigned URLs.
public final class S3BlobStore implements BlobStore {
    private static final Logger log = LoggerFactory.getLogger(S3BlobStore.class);
    private static final String MEDIA_TYPE = "application/octet-stream";
    private static final Duration CALL_TIME_MAX = Duration.ofSeconds(30);
    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /// Where the bucket is.
    ///
    /// @param endpoint address of the S3 server as this service reaches it
    /// @param publicUrl address of the S3 server as those reach it whom presigned URLs are given to
    /// @param region region to sign for
    /// @param bucket name of the bucket
    public record Location(
            URI endpoint, URI publicUrl, String region, String bucket, String accessKey, String secretKey) {
        @Override
        public String toString() {
            return "bucket " + bucket + " at " + endpoint;
        }
    }

    private final S3Client client;
    private final S3Presigner presigner;
    private final String bucket;
    private final Duration putTimeMax;

    private S3BlobStore(S3Client client, S3Presigner presigner, String bucket, Duration putTimeMax) {
        this.client = client;
        this.presigner = presigner;
        this.bucket = bucket;
        this.putTimeMax = putTimeMax;
    }

    /// Connects to the store and makes the bucket when it does not exist.
    ///
    /// @param putTimeMax longest time to store an object, with all attempts
    /// @throws BlobStoreException when the server does not answer or refuses
    public static S3BlobStore open(Location location, Duration putTimeMax) {
        var credentials = StaticCredentialsProvider.create(
                AwsBasicCredentials.create(location.accessKey(), location.secretKey()));
        var region = Region.of(location.region());
        var client = S3Client.builder()
                .endpointOverride(location.endpoint())
                .region(region)
                .credentialsProvider(credentials)
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIME_MAX)
                        .socketTimeout(SILENCE_MAX)
                        .build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(calls -> calls.apiCallTimeout(CALL_TIME_MAX))
                .build();
        var presigner = S3Presigner.builder()
                .endpointOverride(location.publicUrl())
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
        var store = new S3BlobStore(client, presigner, location.bucket(), putTimeMax);
        try {
            store.createBucket();
        } catch (SdkException e) {
            store.close();
            throw new BlobStoreException("cannot use " + location, e);
        }
        return store;
    }

    @Override
    public void put(String key, Supplier<InputStream> open, long sizeBytes, byte[] sha256) {
        try {
            client.putObject(
                    put -> put.bucket(bucket)
                            .key(key)
                            .contentLength(sizeBytes)
                            .checksumSHA256(Base64.getEncoder().encodeToString(sha256))
                            .overrideConfiguration(call -> call.apiCallTimeout(putTimeMax)),
                    RequestBody.fromContentProvider(open::get, sizeBytes, MEDIA_TYPE));
        } catch (SdkException e) {
            throw new BlobStoreException("cannot store " + key, e);
        }
    }

    @Override
    public InputStream open(String key, long first, long length) {
        try {
            var object = client.getObject(
                    get -> get.bucket(bucket).key(key).range("bytes=" + first + "-" + (first + length - 1)));
            Long found = object.response().contentLength();
            if (found == null || found != length) {
                object.abort();
                throw new BlobMissingException(key, new IllegalStateException("has " + found + " bytes there"));
            }
            return new BlobStream(object, length);
        } catch (S3Exception e) {
            throw missing(e) ? new BlobMissingException(key, e) : new BlobStoreException("cannot read " + key, e);
        } catch (SdkException e) {
            throw new BlobStoreException("cannot read " + key, e);
        }
    }

    @Override
    public void probe() {
        try {
            client.headBucket(head -> head.bucket(bucket));
        } catch (SdkException e) {
            throw new BlobStoreException("cannot ask for the bucket " + bucket, e);
        }
    }

    @Override
    public OptionalLong size(String key) {
        try {
            return OptionalLong.of(
                    client.headObject(head -> head.bucket(bucket).key(key)).contentLength());
        } catch (NoSuchKeyException e) {
            return OptionalLong.empty();
        } catch (SdkException e) {
            if (e instanceof S3Exception s3 && s3.statusCode() == NOT_FOUND) {
                return OptionalLong.empty();
            }
            throw new BlobStoreException("cannot ask for " + key, e);
        }
    }

    @Override
    public void delete(String key) {
        try {
            client.deleteObject(delete -> delete.bucket(bucket).key(key));
        } catch (SdkException e) {
            if (!(e instanceof S3Exception s3 && s3.statusCode() == NOT_FOUND)) {
                throw new BlobStoreException("cannot delete " + key, e);
            }
        }
    }

    @Override
    public URI readLink(String key, Duration time, String disposition, String mediaType) {
        return URI.create(presigner
                .presignGetObject(presign -> presign.signatureDuration(time)
                        .getObjectRequest(get -> get.bucket(bucket)
                                .key(key)
                                .responseContentDisposition(disposition)
                                .responseContentType(mediaType)))
                .url()
                .toString());
    }

    @Override
    public URI writeLink(String key, Duration time, long sizeBytes) {
        return URI.create(presigner
                .presignPutObject(presign -> presign.signatureDuration(time)
                        .putObjectRequest(put -> put.bucket(bucket).key(key).contentLength(sizeBytes)))
                .url()
                .toString());
    }

    @Override
    public void close() {
        client.close();
        presigner.close();
    }

    private void createBucket() {
        try {
            client.headBucket(head -> head.bucket(bucket));
        } catch (S3Exception e) {
            if (e.statusCode() != NOT_FOUND) {
                throw e;
            }
            try {
                client.createBucket(create -> create.bucket(bucket));
                log.info("made the bucket {}", bucket);
            } catch (BucketAlreadyOwnedByYouException another) {
                log.info("another instance made the bucket {}", bucket);
            }
        }
    }

    private static boolean missing(S3Exception e) {
        return e.statusCode() == NOT_FOUND || e.statusCode() == RANGE_NOT_SATISFIABLE;
    }
}

package bank.document;

import bank.platform.config.ServiceConfig;
import bank.platform.config.UpstreamConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Settings of document-service. Durations are ISO 8601, e.g. `PT15M`.
@ConfigMapping(prefix = "bank.document")
public interface DocumentConfig extends ServiceConfig {
    /// Who this service is to others, and where identity-service is. Scope it needs: `users:read`.
    UpstreamConfig upstream();

    /// Where content is kept.
    S3Config s3();

    /// What is taken in.
    UploadConfig upload();

    /// Virus scanner.
    ScannerConfig clamav();

    /// How long a presigned URL of a content is good, 1 s to 7 days.
    @WithDefault("PT10M")
    Duration linkTime();

    /// Pause between two runs of the reaper, which clears away what uploads and deletions left, 100 ms to
    /// 1 h.
    @WithDefault("PT1M")
    Duration reaperPause();

    /// Re-reading of stored content.
    IntegrityConfig integrity();

    /// Watching of documents.
    WatchConfig watch();

    /// Where content is kept.
    interface S3Config {
        /// Address of the S3 server, e.g. `http://127.0.0.1:9000`.
        URI endpoint();

        /// The same as those reach it whom presigned URLs are given to. Default: `endpoint`.
        Optional<URI> publicUrl();

        /// Region to sign for.
        @WithDefault("us-east-1")
        String region();

        /// Bucket, made at the start when it does not exist.
        @WithDefault("bank-documents")
        String bucket();

        /// Access key.
        String accessKey();

        /// Secret key.
        String secretKey();
    }

    /// What is taken in.
    interface UploadConfig {
        /// Most bytes of an uploaded file, 1 to 5 GiB.
        @WithDefault("52428800")
        long bytesMax();

        /// Most bytes of a file uploaded by presigned URL, 1 to 5 GiB.
        @WithDefault("1073741824")
        long presignedBytesMax();

        /// Most files in a batch, 1 to 1000.
        @WithDefault("100")
        int batchFilesMax();

        /// Most bytes of all files of a batch together, 1 to 1 TiB.
        @WithDefault("1073741824")
        long batchBytesMax();

        /// Most files received at once, 1 to 10,000; each takes up to its size of spool space.
        @WithDefault("64")
        int atOnceMax();

        /// Most of them from one caller, 1 to 10,000.
        @WithDefault("16")
        int callerAtOnceMax();

        /// How long an upload may send nothing before it loses its place to another, 1 s to 12 h.
        @WithDefault("PT30S")
        Duration silenceMax();

        /// Most presigned uploads a user has open, 1 to 10,000.
        @WithDefault("100")
        int presignedOpenMax();

        /// Directory for content being received. Default: `bank-document` in the system's directory for
        /// temporary files.
        Optional<String> spool();

        /// Longest time to receive a file, to store it, and for a presigned URL to be good, 1 s to 12 h.
        @WithDefault("PT15M")
        Duration timeMax();

        /// After what time an upload that did not end is given up, from `time-max` to 7 days.
        @WithDefault("PT1H")
        Duration grace();
    }

    /// A ClamAV daemon.
    interface ScannerConfig {
        /// Host. Left out, content is not scanned.
        Optional<String> host();

        /// Port, 1 to 65535.
        @WithDefault("3310")
        int port();

        /// Longest wait for a verdict, 100 ms to 1 h.
        @WithDefault("PT2M")
        Duration timeMax();
    }

    /// Re-reading of stored content.
    interface IntegrityConfig {
        /// Pause between two runs, 100 ms to 1 day.
        @WithDefault("PT5M")
        Duration pause();

        /// How long after a content was read it is read again, 0 to 3650 days.
        @WithDefault("P7D")
        Duration age();

        /// Most contents read in one run, 1 to 100,000.
        @WithDefault("500")
        int batch();
    }

    /// Watching of documents.
    interface WatchConfig {
        /// Most who watch at once, 1 to 100,000.
        @WithDefault("1000")
        int atOnceMax();

        /// Most of them who are one caller, 1 to 100,000.
        @WithDefault("16")
        int callerAtOnceMax();

        /// Silence after which one who watches is told that nothing happened, 100 ms to 10 min.
        @WithDefault("PT15S")
        Duration heartbeat();

        /// How long one who watches may take nothing while there is something for him, 100 ms to 10 min.
        @WithDefault("PT30S")
        Duration stallMax();

        /// How long changes are kept for those who resume, 1 min to 365 days.
        @WithDefault("P1D")
        Duration kept();
    }
}

package bank.document;

import bank.document.blob.S3BlobStore;
import bank.document.content.ClamAv;
import bank.document.content.VirusScanner;
import bank.platform.config.Ranges;
import java.nio.file.Path;
import java.time.Duration;

/// The configuration in the types the service works with.
final class DocumentSettings {
    // What S3 takes in one request.
    private static final long OBJECT_BYTES_MAX = 5L * 1024 * 1024 * 1024;
    private static final long BATCH_BYTES_MAX = 1024L * 1024 * 1024 * 1024;
    private static final Duration WEEK = Duration.ofDays(7);

    private DocumentSettings() {}

    /// Checks every setting.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every one out of its range
    static void check(DocumentConfig config) {
        var upload = config.upload();
        var integrity = config.integrity();
        var clamav = config.clamav();
        var watch = config.watch();
        Ranges.of("bank.document", config)
                .addresses("upstream.identity", config.upstream().identity())
                .within("link-time", config.linkTime(), Duration.ofSeconds(1), WEEK)
                .within("reaper-pause", config.reaperPause(), Duration.ofMillis(100), Duration.ofHours(1))
                .within("upload.bytes-max", upload.bytesMax(), 1, OBJECT_BYTES_MAX)
                .within("upload.presigned-bytes-max", upload.presignedBytesMax(), 1, OBJECT_BYTES_MAX)
                .within("upload.batch-files-max", upload.batchFilesMax(), 1, 1000)
                .within("upload.batch-bytes-max", upload.batchBytesMax(), 1, BATCH_BYTES_MAX)
                .within("upload.at-once-max", upload.atOnceMax(), 1, 10_000)
                .within("upload.caller-at-once-max", upload.callerAtOnceMax(), 1, 10_000)
                .within("upload.silence-max", upload.silenceMax(), Duration.ofSeconds(1), Duration.ofHours(12))
                .within("upload.presigned-open-max", upload.presignedOpenMax(), 1, 10_000)
                .within("upload.time-max", upload.timeMax(), Duration.ofSeconds(1), Duration.ofHours(12))
                .within("upload.grace", upload.grace(), upload.timeMax(), WEEK)
                .within("integrity.pause", integrity.pause(), Duration.ofMillis(100), Duration.ofDays(1))
                .within("integrity.age", integrity.age(), Duration.ZERO, Duration.ofDays(3650))
                .within("integrity.batch", integrity.batch(), 1, 100_000)
                .within("clamav.port", clamav.port(), 1, 65_535)
                .within("watch.at-once-max", watch.atOnceMax(), 1, 100_000)
                .within("watch.caller-at-once-max", watch.callerAtOnceMax(), 1, 100_000)
                .within("watch.heartbeat", watch.heartbeat(), Duration.ofMillis(100), Duration.ofMinutes(10))
                .within("watch.stall-max", watch.stallMax(), Duration.ofMillis(100), Duration.ofMinutes(10))
                .within("watch.kept", watch.kept(), Duration.ofMinutes(1), Duration.ofDays(365))
                .within("clamav.time-max", clamav.timeMax(), Duration.ofMillis(100), Duration.ofHours(1))
                .check();
    }

    static S3BlobStore.Location location(DocumentConfig.S3Config s3) {
        return new S3BlobStore.Location(
                s3.endpoint(),
                s3.publicUrl().orElse(s3.endpoint()),
                s3.region(),
                s3.bucket(),
                s3.accessKey(),
                s3.secretKey());
    }

    static Path spool(DocumentConfig.UploadConfig upload) {
        return upload.spool()
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "bank-document"));
    }

    static VirusScanner scanner(DocumentConfig.ScannerConfig clamav) {
        return clamav.host()
                .<VirusScanner>map(host -> new ClamAv(host, clamav.port(), clamav.timeMax()))
                .orElseGet(VirusScanner::none);
    }
}

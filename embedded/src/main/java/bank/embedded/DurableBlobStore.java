package bank.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/// Brings an object and its name to the disk before the caller hears of success.
///
/// The file store beneath writes an object under a passing name and renames it, so that nobody sees half of one, and
/// leaves the writing to disk to the operating system: without this a power cut could take an acknowledged object.
final class DurableBlobStore extends ForwardingBlobStore {
    private final Path root;

    /// @param store the file store
    /// @param root the directory it keeps its buckets in
    DurableBlobStore(BlobStore store, Path root) {
        super(store);
        this.root = root;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        var response = super.putBlob(request, content);
        sync(request.bucket(), request.key());
        return response;
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        var response = super.copyBlob(request);
        sync(request.destinationBucket(), request.destinationKey());
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        var response = super.completeMultipartUpload(upload, request);
        sync(request.bucket(), request.key());
        return response;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        var response = super.removeBlob(request);
        sync(request.bucket(), request.key());
        return response;
    }

    /// Syncs the object's file, if it is there, and every directory between it and its bucket: the file store makes
    /// and removes these as objects come and go.
    private void sync(String bucket, String key) {
        var top = root.resolve(bucket);
        try {
            for (var path = top.resolve(key).normalize();
                    path != null && path.startsWith(top);
                    path = path.getParent()) {
                if (Files.exists(path)) {
                    PrivateFiles.sync(path);
                }
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot bring an object to the disk: " + e.getMessage(), e);
        }
    }
}

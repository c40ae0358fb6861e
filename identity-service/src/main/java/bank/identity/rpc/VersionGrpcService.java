package bank.identity.rpc;

import bank.identity.domain.ApiVersions;
import bank.identity.model.ApiVersion;
import bank.platform.grpc.Answer;
import bank.v1.ApiVersionState;
import bank.v1.ListApiVersionsRequest;
import bank.v1.ListApiVersionsResponse;
import bank.v1.VersionServiceGrpc;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;

/// `VersionService`: the versions of the interface.
public final class VersionGrpcService extends VersionServiceGrpc.VersionServiceImplBase {
    private final ApiVersions versions;
    private final Clock clock;

    /// @param versions what is known of them
    public VersionGrpcService(ApiVersions versions, Clock clock) {
        this.versions = versions;
        this.clock = clock;
    }

    @Override
    public void listApiVersions(ListApiVersionsRequest request, StreamObserver<ListApiVersionsResponse> observer) {
        var now = clock.instant();
        Answer.one(
                observer,
                ListApiVersionsResponse.newBuilder()
                        .addAllVersions(versions.all().stream()
                                .map(version -> toProto(version, now))
                                .toList())
                        .build());
    }

    private static bank.v1.ApiVersion toProto(ApiVersion version, Instant now) {
        var proto = bank.v1.ApiVersion.newBuilder()
                .setVersion(version.name())
                .setState(
                        switch (version.state(now)) {
                            case ACTIVE -> ApiVersionState.API_VERSION_STATE_ACTIVE;
                            case DEPRECATED -> ApiVersionState.API_VERSION_STATE_DEPRECATED;
                            case SUNSET -> ApiVersionState.API_VERSION_STATE_SUNSET;
                        })
                .setInfoUrl(version.infoUrl());
        if (version.deprecatedAt() != null) {
            proto.setDeprecatedAt(timestamp(version.deprecatedAt()));
        }
        if (version.sunsetAt() != null) {
            proto.setSunsetAt(timestamp(version.sunsetAt()));
        }
        return proto.build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}

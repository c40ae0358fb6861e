package bank.identity.rpc;

import bank.identity.domain.TokenIntrospections;
import bank.v1.Options;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/// The scopes there are.
public final class DeclaredScopes {
    /// Scopes of OpenID Connect Core, sections 5.4 and 11, and of asking about tokens.
    private static final Set<String> OWN =
            Set.of("openid", "profile", "email", "phone", "address", "offline_access", TokenIntrospections.SCOPE);

    private DeclaredScopes() {}

    /// Those that some rpc of bank.v1 names, and those of OAuth and OpenID Connect themselves.
    public static Set<String> all() {
        var scopes = new HashSet<>(OWN);
        for (var file : contract().getFileList()) {
            for (var service : file.getServiceList()) {
                for (var method : service.getMethodList()) {
                    var access = method.getOptions().getExtension(Options.access);
                    scopes.addAll(access.getScopesList());
                    scopes.addAll(access.getUserScopesList());
                }
            }
        }
        return Set.copyOf(scopes);
    }

    private static FileDescriptorSet contract() {
        var registry = ExtensionRegistry.newInstance();
        Options.registerAllExtensions(registry);
        try (var in = DeclaredScopes.class.getResourceAsStream("/bank/v1/bank.binpb")) {
            if (in == null) {
                throw new IllegalStateException("/bank/v1/bank.binpb is not on the class path");
            }
            return FileDescriptorSet.parseFrom(in, registry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

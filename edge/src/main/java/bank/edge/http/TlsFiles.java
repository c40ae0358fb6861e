package bank.edge.http;

import bank.platform.config.InvalidSettingsException;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;

/// The certificate and its key, read again from time to time. What cannot be used, for instance while only one of the
/// files is new yet, is told in the log, and the last good pair goes on serving.
public final class TlsFiles {
    private static final byte[] PROBE = {1, 2, 3, 4};

    private final Path certificate;
    private final Path key;

    private TlsFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    /// Makes a server listen, with TLS when it is configured.
    ///
    /// @return ends the looking at the files
    /// @throws InvalidSettingsException when only one of the files is named
    /// @throws IllegalArgumentException when a file is missing or malformed, or they do not belong together
    public static Runnable listen(ServerBuilder server, InetSocketAddress address, TlsConfig config) {
        if (config.certificate().isEmpty() && config.key().isEmpty()) {
            server.http(address);
            return () -> {};
        }
        if (config.certificate().isEmpty() || config.key().isEmpty()) {
            throw new InvalidSettingsException(
                    List.of("bank.edge.tls.certificate and bank.edge.tls.key: set both or neither"));
        }
        var files = new TlsFiles(
                Path.of(config.certificate().get()), Path.of(config.key().get()));
        TlsProvider provider = TlsProvider.ofScheduled(files::read, config.reloadPause());
        server.https(address).tlsProvider(provider);
        return provider::close;
    }

    private TlsKeyPair read() {
        byte[] keyBytes = bytes("bank.edge.tls.key", key);
        byte[] certificateBytes = bytes("bank.edge.tls.certificate", certificate);
        TlsKeyPair pair;
        try {
            pair = TlsKeyPair.of(new ByteArrayInputStream(keyBytes), new ByteArrayInputStream(certificateBytes));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    certificate + " or " + key + " cannot be read: expected PEM, the key as PKCS#8 and not encrypted",
                    e);
        }
        if (!belongTogether(
                pair.privateKey(), pair.certificateChain().getFirst().getPublicKey())) {
            throw new IllegalArgumentException(key + " is not the key of the first certificate in " + certificate);
        }
        return pair;
    }

    private static byte[] bytes(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(setting + ": there is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(setting + ": " + file + " cannot be read: " + e, e);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}

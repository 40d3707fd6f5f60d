package tickcast.streams.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.archive.DeadLetterFile;
import tickcast.streams.elasticsearch.ElasticsearchSettings.ApiKey;
import tickcast.streams.elasticsearch.ElasticsearchSettings.Authority;
import tickcast.streams.elasticsearch.ElasticsearchSettings.Credentials;
import tickcast.streams.elasticsearch.ElasticsearchSettings.Fingerprint;
import tickcast.streams.elasticsearch.ElasticsearchSettings.Login;
import tickcast.streams.elasticsearch.ElasticsearchSettings.Trust;

/** Against a server that speaks TLS only, with a certificate that nobody but the test knows. */
class SecuredServerTest {

    private static final String PASSWORD = "correct-horse-battery";
    private static final String STORE_PASSWORD = "changeit-please";
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Candle CANDLE = Candle.empty(BTC, NOON, 64000, NOON.plusSeconds(60));

    @TempDir
    static Path directory;

    private static ElasticsearchServer server;
    private static Path certificate;

    @BeforeAll
    static void start() throws Exception {
        Path keyStore = directory.resolve("http.p12");
        certificate = directory.resolve("http.pem");
        keytool(
                keyStore,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=tickcast-test",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-validity",
                "30");
        keytool(keyStore, "-exportcert", "-rfc", "-file", certificate.toString());
        server = ElasticsearchServer.secured(
                keyStore, STORE_PASSWORD, """
                tickcast:
                  cluster: [ 'manage_index_templates' ]
                  indices:
                    - names: [ 'secured-*' ]
                      privileges: [ 'auto_configure', 'create_index', 'manage', 'read', 'write', 'delete_index' ]
                """, "trader:" + hashed(PASSWORD) + "\n", "tickcast:trader\n");
    }

    private static void keytool(Path keyStore, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                "http",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                STORE_PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> "keytool failed");
    }

    @AfterAll
    static void stop() {
        server.remove();
    }

    private static ElasticsearchArchive open(Credentials credentials, Trust trust) {
        ElasticsearchSettings settings = ElasticsearchSettings.of(
                List.of(URI.create(server.url())),
                Optional.ofNullable(credentials),
                Optional.ofNullable(trust),
                "secured");
        return ElasticsearchArchive.open(
                settings,
                MarketSource.KRAKEN,
                DeadLetterFile.below(directory, MarketSource.KRAKEN),
                new SimpleMeterRegistry());
    }

    private static Authority authority() {
        return new Authority(certificate);
    }

    private static void writeAndRead(ElasticsearchArchive archive) throws Exception {
        try (archive) {
            archive.awaitReady(Duration.ofSeconds(60));
            archive.writeCandles(List.of(CANDLE)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            archive.probe().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertEquals(
                    List.of(CANDLE),
                    archive.candles(BTC, Page.latest(9)).toCompletableFuture().get(60, TimeUnit.SECONDS));
            Duration year = Duration.ofDays(400);
            archive.expire(new Retention(year, year, year, year, year), NOON)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldWorkWithAPasswordAndACertificateFile() throws Exception {
        writeAndRead(open(new Login("trader", PASSWORD), authority()));
    }

    @Test
    void shouldWorkWithAFingerprint() throws Exception {
        writeAndRead(open(new Login("trader", PASSWORD), new Fingerprint(fingerprint())));
    }

    /** This build of the server can't hold keys: its index of them needs a module that the build lacks. */
    @Test
    void shouldSayThatAnUnknownApiKeyIsNotLetIn() {
        ApiKey key =
                new ApiKey(Base64.getEncoder().encodeToString("nobody:secret-key".getBytes(StandardCharsets.UTF_8)));
        ElasticsearchArchive.NotLetIn unknown = refused(key, authority());
        assertTrue(unknown.getMessage().contains("an API key"), unknown.getMessage());
    }

    @Test
    void shouldSayWhoIsNotLetInAndNotThePassword() {
        ElasticsearchArchive.NotLetIn wrong = refused(new Login("trader", "wrong-password"), authority());
        assertTrue(wrong.getMessage().contains("user trader"), wrong.getMessage());
        assertFalse(wrong.getMessage().contains("wrong-password"), wrong.getMessage());
        ElasticsearchArchive.NotLetIn nobody = refused(null, authority());
        assertTrue(nobody.getMessage().contains("without credentials"), nobody.getMessage());
    }

    @Test
    void shouldNotTalkToAServerOfAnUnknownCertificate() {
        ElasticsearchArchive.NotLetIn unknown = refused(new Login("trader", PASSWORD), null);
        assertTrue(unknown.getMessage().contains("certificate"), unknown.getMessage());
        refused(new Login("trader", PASSWORD), new Fingerprint("00".repeat(32)));
    }

    private static ElasticsearchArchive.NotLetIn refused(Credentials credentials, Trust trust) {
        try (ElasticsearchArchive archive = open(credentials, trust)) {
            CompletionException probed = assertThrows(
                    CompletionException.class,
                    () -> archive.probe().toCompletableFuture().join());
            assertEquals(ElasticsearchArchive.NotLetIn.class, probed.getCause().getClass());
            return assertThrows(ElasticsearchArchive.NotLetIn.class, () -> archive.awaitReady(Duration.ofSeconds(60)));
        }
    }

    private static String fingerprint() throws Exception {
        byte[] der = CertificateFactory.getInstance("X.509")
                .generateCertificate(Files.newInputStream(certificate))
                .getEncoded();
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    }

    /** As the server's own tool writes it into the file of users. */
    private static String hashed(String password) throws Exception {
        byte[] salt = new byte[32];
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, 1000, 256);
        byte[] hash = SecretKeyFactory.getInstance("PBKDF2withHMACSHA512")
                .generateSecret(spec)
                .getEncoded();
        Base64.Encoder text = Base64.getEncoder();
        return "{PBKDF2}1000$" + text.encodeToString(salt) + "$" + text.encodeToString(hash);
    }
}

import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client that retries, in Java. Usage: java Client.java URL. CA_FILE names a certificate to trust. */
public class Client {
    private static final int TRIES = 20;
    private static final int PAUSE = 200;

    public static void main(String[] arguments) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (System.getenv("CA_FILE") != null)
            builder.sslContext(trusting(System.getenv("CA_FILE")));
        System.out.println(get(builder.build(), URI.create(arguments[0])));
    }

    private static String get(HttpClient client, URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        for (int attempt = 1; ; attempt++) {
            try {
                return client.send(request, BodyHandlers.ofString()).body();
            } catch (IOException failure) { // an answer that breaks off, too
                System.err.println("try " + attempt + ": " + failure);
                if (attempt == TRIES)
                    throw failure;
                Thread.sleep(PAUSE);
            }
        }
    }

    private static SSLContext trusting(String file) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (FileInputStream stream = new FileInputStream(file)) {
            trusted.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(stream));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}

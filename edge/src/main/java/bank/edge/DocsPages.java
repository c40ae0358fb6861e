package bank.edge;

import bank.edge.openapi.OpenApi;
import bank.edge.problem.EdgeFailures;
import com.google.common.base.Suppliers;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The OpenAPI document as `/openapi.json` and `/openapi.yaml`, and the page at `/docs/` that shows it, by Swagger UI.
/// For anybody; everything comes from this server, and the page may load and call nothing else.
final class DocsPages implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(DocsPages.class);
    private static final String DOCS = "/docs";
    private static final String UI = "/META-INF/resources/webjars/swagger-ui/";
    private static final String UI_VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'";
    private static final String ITSELF_ONLY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /// What shows a document, the same for all.
    private static final Supplier<Map<String, StaticPage>> READER = Suppliers.memoize(DocsPages::reader);

    private final Supplier<OpenApi> document;
    private final CompletableFuture<Map<String, StaticPage>> pages = new CompletableFuture<>();

    /// @param document makes the document
    DocsPages(Supplier<OpenApi> document) {
        this.document = document;
    }

    /// Begins to make the pages, on a thread of their own: it takes a good part of what the rest of the start takes,
    /// and the first visitor is not the one to find out that services cannot be described.
    void start() {
        Thread.ofPlatform().name("docs").daemon().start(this::make);
    }

    private void make() {
        try {
            pages.complete(pages(document.get()));
        } catch (Throwable e) {
            LOG.error("there is no OpenAPI document and no page /docs/", e);
            pages.completeExceptionally(e);
        }
    }

    private static Map<String, StaticPage> pages(OpenApi document) {
        var pages = new HashMap<>(READER.get());
        pages.put("/openapi.json", text("application/json", document.json()));
        pages.put("/openapi.yaml", text("application/yaml", document.yaml()));
        return Map.copyOf(pages);
    }

    private static Map<String, StaticPage> reader() {
        String ui = UI + version() + "/";
        return Map.of(
                DOCS + "/",
                page(HTML, "/bank/edge/docs/index.html"),
                DOCS + "/docs.css",
                page(CSS, "/bank/edge/docs/docs.css"),
                DOCS + "/docs.js",
                page(SCRIPT, "/bank/edge/docs/docs.js"),
                DOCS + "/favicon.png",
                page("image/png", ui + "favicon-32x32.png"),
                DOCS + "/swagger-ui.css",
                page(CSS, ui + "swagger-ui.css"),
                DOCS + "/swagger-ui.js",
                page(SCRIPT, ui + "swagger-ui-bundle.js"));
    }

    /// Adds the pages to a server.
    ///
    /// @param manners lies around them
    ServerBuilder addTo(ServerBuilder server, Function<HttpService, HttpService> manners) {
        HttpService decorated = manners.apply(this);
        return server.service("/openapi.json", decorated)
                .service("/openapi.yaml", decorated)
                .service(DOCS, decorated)
                .serviceUnder(DOCS + "/", decorated);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        String requestId = RequestLabels.id(ctx);
        return HttpResponse.of(pages.thenApply(made -> answer(ctx, request, made))
                        .exceptionally(_ -> PageMethods.failed(ctx, EdgeFailures.internal())))
                .mapHeaders(headers -> ResponseDefaults.on(headers, requestId));
    }

    private HttpResponse answer(ServiceRequestContext ctx, HttpRequest request, Map<String, StaticPage> pages) {
        StaticPage page = pages.get(ctx.path());
        boolean redirects = ctx.path().equals(DOCS);
        if (page == null && !redirects) {
            return PageMethods.failed(ctx, EdgeFailures.unknownRoute());
        }
        RequestLabels.route(ctx, ctx.path());
        return PageMethods.answer(
                ctx,
                request,
                () -> page == null
                        ? HttpResponse.ofRedirect(HttpStatus.TEMPORARY_REDIRECT, DOCS + "/")
                        : page.answer(request));
    }

    private static StaticPage text(String mediaType, String content) {
        return new StaticPage(mediaType, NOTHING_ELSE, content.getBytes(StandardCharsets.UTF_8));
    }

    private static StaticPage page(String mediaType, String resource) {
        try (InputStream in = open(resource)) {
            return new StaticPage(mediaType, ITSELF_ONLY, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        var properties = new Properties();
        try (InputStream in = open(UI_VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static InputStream open(String resource) {
        return Objects.requireNonNull(DocsPages.class.getResourceAsStream(resource), resource);
    }
}

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * An HTTP proxy in front of an S3 server that injects faults:
 *
 * <pre>java -Djdk.httpclient.allowRestrictedHeaders=host FaultProxy.java PORT SERVER-PORT SEED FAULT...</pre>
 *
 * A FAULT is {@code KIND:SHARE[:REGEX]}: 500, 503, slow (3 seconds), reset (no answer) or cut (half an answer) for that share of the
 * requests whose method and address match; or {@code KIND:#N:REGEX}: expired (every request from the N-th match on is
 * answered with ExpiredToken), hold (the N-th match is never answered and never reaches the server), held-after (it reaches the server,
 * but is never answered); or {@code log:1[:REGEX]}, which disturbs nothing. Prints a line for each.
 */
public final class FaultProxy {
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade", "http2-settings");

  private record Fault(String kind, double share, int from, Pattern requests, AtomicInteger matches) {
    static Fault parse(String text) {
      String[] parts = text.split(":", 3);
      boolean counted = parts[1].startsWith("#");
      return new Fault(
          parts[0],
          counted ? 1 : Double.parseDouble(parts[1]),
          counted ? Integer.parseInt(parts[1].substring(1)) : 0,
          Pattern.compile(parts.length > 2 ? parts[2] : ""),
          new AtomicInteger());
    }

    boolean strikes(String request, Random random) {
      if (kind.equals("expired") && matches.get() >= from) {
        return true;
      }

      if (!requests.matcher(request).find()) {
        return false;
      }

      int match = matches.incrementAndGet();
      return from == 0
          ? random.nextDouble() < share
          : kind.equals("expired") ? match >= from : match == from;
    }
  }

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String server;
  private final List<Fault> faults = new ArrayList<>();
  private final Random random;

  private FaultProxy(int serverPort, long seed) {
    this.server = "http://127.0.0.1:" + serverPort;
    this.random = new Random(seed);
  }

  public static void main(String[] arguments) throws IOException {
    FaultProxy proxy = new FaultProxy(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));

    for (int i = 3; i < arguments.length; i++) {
      proxy.faults.add(Fault.parse(arguments[i]));
    }

    HttpServer http =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 64);
    http.setExecutor(Executors.newCachedThreadPool());
    http.createContext("/", proxy::answer);
    http.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI address = exchange.getRequestURI();
      String request = exchange.getRequestMethod() + " " + address.getPath() + "?" + address.getQuery();
      String fault = fault(request);

      if (!fault.isEmpty()) {
        System.out.println(fault + " " + request);
      }

      byte[] body = exchange.getRequestBody().readAllBytes();

      switch (fault) {
        case "500" -> refuse(exchange, 500, "InternalError", "We encountered an internal error.");
        case "503" -> refuse(exchange, 503, "SlowDown", "Please reduce your request rate.");
        case "expired" -> refuse(exchange, 400, "ExpiredToken", "The provided token has expired.");
        case "reset" -> { }
        case "hold" -> forever();
        default -> {
          if (fault.equals("slow")) {
            Thread.sleep(3000);
          }

          HttpResponse<byte[]> response = pass(exchange, body);

          if (fault.equals("held-after")) {
            forever();
          }

          give(exchange, response, fault.equals("cut"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String fault(String request) {
    for (Fault fault : faults) {
      if (fault.strikes(request, random)) {
        return fault.kind();
      }
    }

    return "";
  }

  private HttpResponse<byte[]> pass(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase())) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void give(HttpExchange exchange, HttpResponse<byte[]> response, boolean cut)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase())) {
                headers.put(name, values);
              }
            });
    byte[] body = response.body();
    boolean head = exchange.getRequestMethod().equals("HEAD");

    if (head) {
      response.headers().firstValue("content-length").ifPresent(n -> headers.set("Content-Length", n));
    }

    exchange.sendResponseHeaders(response.statusCode(), head || body.length == 0 ? -1 : body.length);

    if (body.length > 0) {
      exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    byte[] body =
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);

    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void forever() throws InterruptedException {
    new CountDownLatch(1).await();
  }
}

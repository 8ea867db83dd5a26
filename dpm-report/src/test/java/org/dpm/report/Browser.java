package org.dpm.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A headless Chromium, spoken to by its DevTools protocol over a web socket. */
final class Browser implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long PATIENCE = 30;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> messages;
  private final List<String> complaints = new ArrayList<>();
  private String session = "";
  private int calls;

  private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> messages) {
    this.process = process;
    this.socket = socket;
    this.messages = messages;
  }

  /** Where Chromium or Chrome is installed. */
  static Optional<Path> installed() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .flatMap(
            directory ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it. */
  static Browser start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address(process)), new Listener(messages))
            .get(PATIENCE, TimeUnit.SECONDS);
    Browser browser = new Browser(process, socket, messages);
    browser.attach();
    return browser;
  }

  /** Opens a page, waits until it has loaded, and forgets what others complained of. */
  void visit(Path page) throws Exception {
    messages.clear();
    complaints.clear();
    call("Page.navigate", Map.of("url", page.toUri().toString()));
    await(m -> m.path("method").asText().equals("Page.loadEventFired"));
  }

  private static String address(Process process) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null) {
      if (line.startsWith("DevTools listening on ")) {
        return line.substring("DevTools listening on ".length()).strip();
      }
      line = lines.readLine();
    }
    throw new IOException("the browser ended without an address");
  }

  private void attach() throws Exception {
    String target =
        call("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    session =
        call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** What the console said that was not meant to be said, and what was asked of the network. */
  List<String> complaints() throws Exception {
    evaluate("1");
    return List.copyOf(complaints);
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(result.path("exceptionDetails").toString());
    }
    return result.path("result").path("value");
  }

  /** Looks at the page on a screen of this width, by day or by night. */
  void screen(int width, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /** The whole page as a PNG file. */
  void picture(Path file) throws Exception {
    // One frame of the screen later, all that the page drew is there.
    call(
        "Runtime.evaluate",
        Map.of(
            "expression",
            "new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))",
            "awaitPromise",
            true));
    String png =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .path("data")
            .asText();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(png));
  }

  private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
    int id = ++calls;
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    message.set("params", JSON.valueToTree(parameters));
    socket.sendText(message.toString(), true).get(PATIENCE, TimeUnit.SECONDS);
    JsonNode answer = await(m -> m.path("id").asInt() == id);
    if (answer.has("error")) {
      throw new IllegalStateException(method + ": " + answer.path("error"));
    }
    return answer.path("result");
  }

  private JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      JsonNode message = messages.poll(PATIENCE, TimeUnit.SECONDS);
      if (message == null) {
        throw new IllegalStateException("the browser did not answer within " + PATIENCE + " s");
      }
      note(message);
      if (wanted.test(message)) {
        return message;
      }
    }
  }

  private void note(JsonNode message) {
    String method = message.path("method").asText();
    JsonNode about = message.path("params");
    String url = about.path("request").path("url").asText();
    if (method.equals("Runtime.exceptionThrown")
        || method.equals("Runtime.consoleAPICalled")
        || method.equals("Log.entryAdded")
        || (method.equals("Network.requestWillBeSent") && url.startsWith("http"))) {
      complaints.add(about.toString());
    }
  }

  @Override
  public void close() throws Exception {
    socket
        .sendText("{\"id\": 0, \"method\": \"Browser.close\"}", true)
        .get(PATIENCE, TimeUnit.SECONDS);
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Puts whole messages into a queue. */
  private record Listener(BlockingQueue<JsonNode> messages, StringBuilder parts)
      implements WebSocket.Listener {

    Listener(BlockingQueue<JsonNode> messages) {
      this(messages, new StringBuilder());
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        try {
          messages.add(JSON.readTree(parts.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        parts.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture("");
    }
  }
}

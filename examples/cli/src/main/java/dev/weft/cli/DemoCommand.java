package dev.weft.cli;

import dev.weft.cli.loopback.KillableRelay;
import dev.weft.desktop.DesktopDemo;
import dev.weft.desktop.DesktopEditor;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft demo}: two editors on one document, with everything that they need. */
@Command(
    name = "demo",
    description = "Two editors on one document, through a relay on this machine.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(15);
  private static final DocumentId DOCUMENT = new DocumentId("minutes");

  private static final String GREETING =
      """
      Two editors, one text, each with a store and a network of its own.
      Write in both. The line below each text says where what you wrote is safe,
      and where not yet. Then break things, in the window below, and watch it:

      1. Cut one side, write on in both, and Mend it: both end with the same text.
      2. Unplug one side. Nobody is told; after 5 s it says that it hears nothing,
         after 15 s that it is offline. Write on, and Mend it.
      3. Latency to 1,500 ms, write, and save with Ctrl+S: "Saving" until it is safe.
      4. Speed to 2 kB/s, and paste a lot: no tick before the relay has all of it.
      5. Kill Relay, write, save, and Start Relay: the save waits, and is confirmed.

      """;

  @Spec private CommandSpec spec;

  @Option(
      names = "--headless",
      description =
          "Scripted editors instead of windows, as where there is no display: they type at once,"
              + " one goes offline and returns, one saves. Exits 1 if their texts differ in the"
              + " end.")
  private boolean headless;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Optional<String> noWindow = headless ? Optional.empty() : DesktopEditor.whyNoWindow();
      if (noWindow.isPresent()) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("weft: " + noWindow.get() + ": this is 'weft demo --headless'");
        err.flush();
      }
      if (headless || noWindow.isPresent()) {
        new HeadlessDemo(out).run();
      } else {
        showWindows(out);
      }
    } catch (IOException e) {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      throw new CommandFailure(
          "the demonstration finds no place for its files in "
              + temporary
              + ": "
              + FileTrouble.describe(temporary, e),
          e);
    }
    return CommandLine.ExitCode.OK;
  }

  private static void showWindows(PrintWriter out) throws IOException {
    try (StopSignal signal = StopSignal.install(CLOSE_WITHIN);
        KillableRelay relay = KillableRelay.open();
        DesktopDemo demo =
            DesktopDemo.open(
                DOCUMENT,
                relay,
                GREETING,
                relay.storeDirectory("left"),
                relay.storeDirectory("right"))) {
      signal.whenReceived(demo::close);
      out.println(
          "two editors on one document, and a relay at "
              + relay.uri()
              + "; ends when you close them");
      out.flush();
      demo.closed().join();
    }
  }
}

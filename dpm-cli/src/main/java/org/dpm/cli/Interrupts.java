package org.dpm.cli;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.dpm.api.WholeFile;
import org.jline.utils.Signals;

/**
 * What Ctrl-C and a request to terminate do. A training ends with the update that it is at, and
 * keeps its model; a second request, and the first one to anything else, ends the process at once.
 *
 * <p>At once means without the end that C and Java give a process: that takes the engine's library
 * apart while it still computes, and what was to be a quiet end becomes a crash.
 */
final class Interrupts {

  /** As a shell reports a process that a signal has ended. */
  private static final int INTERRUPTED = 128 + 2;

  private static final int TERMINATED = 128 + 15;

  /** How often to look whether a file is finished. */
  private static final int MILLIS = 10;

  private final PrintStream err;
  private final Thread worker = Thread.currentThread();
  private final CompletableFuture<Function> exit = new CompletableFuture<>();
  private boolean training;
  private volatile int status;

  /** For the commands that run in the thread that makes this. */
  Interrupts(PrintStream err) {
    this.err = err;
  }

  /** From now on signals come here. */
  void listen() {
    // Beforehand and beside the start: while the engine's library is loaded no other can be.
    exit.completeAsync(() -> NativeLibrary.getProcess().getFunction("_exit"));
    Signals.register("INT", () -> received(INTERRUPTED));
    Signals.register("TERM", () -> received(TERMINATED));
  }

  /** Does what asks {@link #isAsked} often enough to be ended by that. */
  void whileTraining(Runnable work) {
    setTraining(true);
    try {
      work.run();
    } finally {
      setTraining(false);
    }
  }

  private synchronized void setTraining(boolean now) {
    training = now;
  }

  /** Whether the training is to end. */
  boolean isAsked() {
    return status != 0;
  }

  /** What the process is to end with, if it was asked to. */
  int status() {
    return status;
  }

  /** Called in a thread of its own for each signal. */
  private synchronized void received(int wanted) {
    if (training && status == 0) {
      status = wanted;
      err.println("interrupted: this update is the last; once more, and nothing is kept");
    } else {
      endAtOnce(wanted);
    }
  }

  private void endAtOnce(int wanted) {
    while (isWriting()) {
      try {
        Thread.sleep(MILLIS);
      } catch (InterruptedException e) {
        break;
      }
    }
    try {
      exit.join().invokeVoid(new Object[] {wanted});
    } catch (CompletionException e) {
      // Windows has no such function.
      Runtime.getRuntime().halt(wanted);
    }
  }

  /** A file that is being written is finished first: that is soon, and nothing half is left. */
  private boolean isWriting() {
    return Stream.of(worker.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(WholeFile.class.getName()));
  }
}

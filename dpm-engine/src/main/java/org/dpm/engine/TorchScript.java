package org.dpm.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Operators written in TorchScript: what DJL does not offer, and many operations in one call, whose
 * intermediate results the engine frees as soon as it can. Gradients flow through.
 *
 * <p>Each method is given as text, {@code def name(self: __torch__.Ops, x: Tensor, ...) -> Tensor:}
 * and its indented body. The module is assembled in memory, the way PyTorch stores one.
 */
public final class TorchScript implements AutoCloseable {

  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private final NDManager manager;
  private final PtSymbolBlock module;
  private final Map<String, NDArray> selectors = new HashMap<>();

  private TorchScript(NDManager manager, PtSymbolBlock module) {
    this.manager = manager;
    this.module = module;
  }

  /**
   * Compiles methods for the device of a manager.
   *
   * @param manager the module lives in a child of it
   */
  public static TorchScript compile(NDManager manager, String... methods) {
    NDManager own = manager.newSubManager();
    // Its specialisations for each thread take seconds and have not paid: it is off for this
    // thread.
    JniUtils.setGraphExecutorOptimize(false);
    try {
      ByteArrayInputStream archive = new ByteArrayInputStream(archive(methods));
      return new TorchScript(own, JniUtils.loadModule((PtNDManager) own, archive, true, false));
    } catch (IOException e) {
      own.close();
      throw new UncheckedIOException(e);
    }
  }

  /** Calls a method; its result belongs to the manager of the first argument. */
  public NDArray call(String method, NDArray... arguments) {
    NDList inputs = new NDList(selectors.computeIfAbsent(method, this::selector));
    for (NDArray argument : arguments) {
      inputs.add(argument);
    }
    // Not in inference mode, whose results autograd refuses: whether to record is up to the thread.
    NDArray result = IValueUtils.forward(module, inputs, true).singletonOrThrow();
    result.attach(arguments[0].getManager());
    return result;
  }

  /** The engine finds the method by the name of an array in front of the arguments. */
  private NDArray selector(String method) {
    NDArray selector = manager.create(0f);
    NDScope.unregister(selector);
    selector.setName("module_method:" + method);
    return selector;
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }

  private static byte[] archive(String... methods) throws IOException {
    StringBuilder code =
        new StringBuilder(
            """
            class Ops(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """);
    for (String method : methods) {
      code.append(method.strip().indent(2));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "version", "3\n".getBytes(StandardCharsets.UTF_8));
      store(zip, "byteorder", "little".getBytes(StandardCharsets.UTF_8));
      store(zip, "data.pkl", moduleObject());
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** The pickle of one object of class Ops whose only attribute is {@code training = True}. */
  private static byte[] moduleObject() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.writeBytes("c__torch__\nOps\n".getBytes(StandardCharsets.UTF_8));
    pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.writeBytes("training".getBytes(StandardCharsets.UTF_8));
    pickle.writeBytes(new byte[] {(byte) 0x88, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("m/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}

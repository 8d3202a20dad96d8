package dev.weft.bench;

import dev.weft.crdt.VersionVector;
import dev.weft.store.WorkspaceStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes what each append of a store has reached, and when. The store that it watches is used
 * through {@link #store}. Thread-safe.
 */
final class AppendWatch {
  private final WorkspaceStore store;
  private final List<Append> appends = new ArrayList<>();

  /** A version that the store holds since then. */
  record Append(long nanoTime, VersionVector version) {}

  AppendWatch(WorkspaceStore watched) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            Object result = method.invoke(watched, arguments);
            if (method.getName().equals("append")) {
              note(new Append(System.nanoTime(), (VersionVector) result));
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    store =
        (WorkspaceStore)
            Proxy.newProxyInstance(
                WorkspaceStore.class.getClassLoader(),
                new Class<?>[] {WorkspaceStore.class},
                handler);
  }

  private synchronized void note(Append append) {
    appends.add(append);
  }

  WorkspaceStore store() {
    return store;
  }

  /** Returns the appends so far, in order. */
  synchronized List<Append> appends() {
    return List.copyOf(appends);
  }
}

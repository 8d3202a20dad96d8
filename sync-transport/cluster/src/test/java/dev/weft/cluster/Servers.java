package dev.weft.cluster;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the PostgreSQL and the Redis that they ask for as parameters, started once for all
 * test classes. Where they are not installed the tests are skipped with the reason, but fail where
 * the environment says {@code CI=true}: there they must be.
 */
final class Servers implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Servers.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    require("PostgreSQL", "postgresql", PostgresServer.installation());
    require("Redis", "redis-server", RedisServer.installation());
  }

  private static void require(String name, String debianPackage, Optional<Path> installation) {
    if (installation.isEmpty()) {
      String reason =
          name
              + " is not installed, which this test starts (Debian: apt-get install "
              + debianPackage
              + ")";
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(reason);
      }
      Assumptions.abort(reason);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == PostgresServer.class || type == RedisServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // JUnit closes what is in the store after the last test.
    ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
    return parameter.getParameter().getType() == PostgresServer.class
        ? store.getOrComputeIfAbsent(
            PostgresServer.class,
            type -> PostgresServer.start(PostgresServer.installation().orElseThrow()),
            PostgresServer.class)
        : store.getOrComputeIfAbsent(
            RedisServer.class,
            type -> RedisServer.start(RedisServer.installation().orElseThrow()),
            RedisServer.class);
  }
}

package dev.weft.relay;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A value for each constant of an enumeration. Immutable. */
final class PerConstant<E extends Enum<E>, V> {
  private final Map<E, V> values;

  /** Makes the values. */
  PerConstant(Class<E> constants, Function<E, V> value) {
    values = new EnumMap<>(constants);
    for (E constant : constants.getEnumConstants()) {
      values.put(constant, value.apply(constant));
    }
  }

  V of(E constant) {
    return Objects.requireNonNull(values.get(constant));
  }
}

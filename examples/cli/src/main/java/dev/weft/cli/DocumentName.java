package dev.weft.cli;

import dev.weft.store.DocumentId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a document's id from the command line. */
final class DocumentName implements ITypeConverter<DocumentId> {
  @Override
  public DocumentId convert(String value) {
    try {
      return new DocumentId(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}

package dev.weft.client;

import dev.weft.crdt.VersionVector;

/**
 * The proof that a save was done. Immutable.
 *
 * @param saveId names the save
 * @param version what is safe: everything that the text held when it was saved, or more
 * @param guarantee how safe it is
 */
public record SaveReceipt(String saveId, VersionVector version, Guarantee guarantee) {}

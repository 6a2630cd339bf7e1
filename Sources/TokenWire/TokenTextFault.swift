/// Why bytes are not a token text, in the order of the checks: the first that fails is the one
/// reported. None of them needs a key or a table, so forged input costs no shared memory.
public enum TokenTextFault: UInt8, Error, Sendable, CaseIterable {
  /// Not the one length of the kind asked for.
  case length
  /// Does not open with a prefix of the kind asked for.
  case prefix
  /// A byte after the prefix is not a base-62 digit.
  case alphabet
  /// A field writes a number that does not fit: a word of 2^64 or more, a checksum of 2^32 or
  /// more, a key field of 65536 or more.
  case range
  /// The checksum does not fit the text.
  case checksum
  /// Well formed, but of a version other than `TokenText.version`.
  case version
}

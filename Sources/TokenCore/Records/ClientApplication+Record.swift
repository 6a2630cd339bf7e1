extension ClientApplication: StoredRecord {
  static let kind = RecordKind.app

  /// The client id comes first, at a fixed offset: workers copy it without decoding the rest.
  static let clientIDOffset = 0
  static let clientIDByteCount = 26
  /// The byte after it.
  static let flagsOffset = 26
  static let deletedFlag: UInt8 = 8
  /// A scan for one person's applications reads this alone.
  static let creatorSlotOffset = 26 + 4 + 32 + 4

  private static let fixedBytes = 26 + 4 + 32 + 3 * 8
  private static let textBytes =
    (2 + Limits.appNameMaxBytes) + (2 + Limits.appDescriptionMaxBytes)
    + (2 + Limits.homepageMaxBytes) + (2 + Limits.iconURLMaxBytes) + (2 + Limits.scopeMaxBytes)
  private static let listBytes =
    (2 + Limits.callbacksTotalMaxBytes + 2 * Limits.callbacksMaxCount)
    + (2 + Limits.audiencesTotalMaxBytes + 2 * Limits.audiencesMaxCount)
  static let byteCount = fixedBytes + textBytes + listBytes

  static let fields: [RowField] = [
    .row(.users, at: creatorSlotOffset), .time(at: creatorSlotOffset + 4),
    .time(at: creatorSlotOffset + 12),
  ]

  init(from reader: inout FieldReader) {
    let clientID = reader.raw(Self.clientIDByteCount)
    let flags = reader.u8()
    _ = reader.u8()
    let grantTypes = GrantTypes(rawValue: reader.u16())
    var digest = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { digest[index] = reader.u8() }
    let revision = reader.u32()
    let creatorSlot = reader.u32()
    let createdAtMillis = reader.u64()
    let updatedAtMillis = reader.u64()
    let fields = ApplicationFields(
      name: reader.text(capacity: Limits.appNameMaxBytes),
      description: reader.text(capacity: Limits.appDescriptionMaxBytes),
      homepage: reader.text(capacity: Limits.homepageMaxBytes),
      iconURL: reader.text(capacity: Limits.iconURLMaxBytes),
      callbacks: Self.list(
        &reader, count: Limits.callbacksMaxCount, totalBytes: Limits.callbacksTotalMaxBytes),
      isTrusted: flags & 1 != 0, isPublic: flags & 2 != 0, grantTypes: grantTypes,
      audiences: Self.list(
        &reader, count: Limits.audiencesMaxCount, totalBytes: Limits.audiencesTotalMaxBytes),
      scopes: reader.text(capacity: Limits.scopeMaxBytes))
    self.init(
      clientID: clientID, fields: fields, creatorSlot: creatorSlot,
      isDynamicallyRegistered: flags & 4 != 0, secretDigest: SecretDigest(bytes: digest),
      createdAtMillis: createdAtMillis)
    self.isDeleted = flags & Self.deletedFlag != 0
    self.revision = revision
    self.updatedAtMillis = updatedAtMillis
  }

  func write(to writer: inout FieldWriter) {
    precondition(clientID.count == Self.clientIDByteCount, "a client id has 26 characters")
    writer.raw(clientID)
    writer.u8(
      (fields.isTrusted ? 1 : 0) | (fields.isPublic ? 2 : 0) | (isDynamicallyRegistered ? 4 : 0)
        | (isDeleted ? Self.deletedFlag : 0))
    writer.u8(0)
    writer.u16(fields.grantTypes.rawValue)
    for index in 0..<32 { writer.u8(secretDigest.bytes[index]) }
    writer.u32(revision)
    writer.u32(creatorSlot)
    writer.u64(createdAtMillis)
    writer.u64(updatedAtMillis)
    writer.text(fields.name, capacity: Limits.appNameMaxBytes)
    writer.text(fields.description, capacity: Limits.appDescriptionMaxBytes)
    writer.text(fields.homepage, capacity: Limits.homepageMaxBytes)
    writer.text(fields.iconURL, capacity: Limits.iconURLMaxBytes)
    Self.write(
      fields.callbacks, count: Limits.callbacksMaxCount,
      totalBytes: Limits.callbacksTotalMaxBytes, to: &writer)
    Self.write(
      fields.audiences, count: Limits.audiencesMaxCount,
      totalBytes: Limits.audiencesTotalMaxBytes, to: &writer)
    writer.text(fields.scopes, capacity: Limits.scopeMaxBytes)
  }

  /// A list takes a u16 count and room for its longest form: the texts with their lengths.
  private static func list(
    _ reader: inout FieldReader, count: Int, totalBytes: Int
  ) -> [[UInt8]] {
    let entries = min(Int(reader.u16()), count)
    var room = FieldReader(reader.raw(totalBytes + 2 * count))
    return (0..<entries).map { _ in room.text() }
  }

  private static func write(
    _ list: [[UInt8]], count: Int, totalBytes: Int, to writer: inout FieldWriter
  ) {
    precondition(list.count <= count, "rules bound every list before it is stored")
    writer.u16(UInt16(list.count))
    var used = 0
    for text in list {
      writer.text(text)
      used += 2 + text.count
    }
    writer.zeros(totalBytes + 2 * count - used)
  }
}

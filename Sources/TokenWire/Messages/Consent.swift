/// ALLOW (0x0031): the person agrees. The ticket works once, for the person it was made for.
public struct AllowRequest: MutationMessage {
  public typealias Reply = RedirectReply
  public static var opcode: Opcode { .allow }

  public var key: Bytes16
  public var acting: Acting
  public var ticket: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, ticket: [UInt8]) {
    self.key = key
    self.acting = acting
    self.ticket = ticket
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    ticket = try reader.bytes("ticket")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.bytes(ticket, "ticket")
  }
}

/// DENY (0x0032): the person refuses.
public struct DenyRequest: MutationMessage {
  public typealias Reply = RedirectReply
  public static var opcode: Opcode { .deny }

  public var key: Bytes16
  public var acting: Acting
  public var ticket: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, ticket: [UInt8]) {
    self.key = key
    self.acting = acting
    self.ticket = ticket
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    ticket = try reader.bytes("ticket")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.bytes(ticket, "ticket")
  }
}

/// Where to send the browser.
public struct RedirectReply: LaneReply {
  public var position: UInt64
  /// The whole URL, with code or error, state and iss.
  public var redirect: [UInt8]

  public init(position: UInt64, redirect: [UInt8]) {
    self.position = position
    self.redirect = redirect
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    redirect = try reader.text("redirect")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(redirect, "redirect")
  }
}

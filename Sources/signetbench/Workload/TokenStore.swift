internal import LinuxIO
internal import TokenWire

/// What a token of the store is to the server, as far as this client knows.
enum TokenClass: UInt8 {
  case live = 0
  case revoked = 1
  case expired = 2
  case forged = 3
}

/// The tokens of a run, one cache line each: 57 bytes of text, what was done with it, whose it is.
///
/// Live tokens lie first, room for `spares` of the other classes behind them.
///
/// Invariant behind the unsafe code: `base` is `capacity` records of 64 bytes, zeroed, mapped for
/// the life of the process; an index given to it is below `capacity`.
@safe
struct TokenStore {
  static let recordBytes = 64
  static let textBytes = 57
  /// Tokens of one class that is not live.
  static let spares = 1_024

  /// Bits of a record's state.
  static let revokeSent: UInt8 = 1
  static let revokeAnswered: UInt8 = 2

  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  /// Live tokens.
  let count: Int
  /// The application that all are issued to.
  let clientId: [UInt8]

  init(count: Int, clientId: [UInt8]) throws(BenchError) {
    self.count = count
    self.clientId = clientId
    capacity = count + 3 * Self.spares
    do throws(SystemError) {
      unsafe base = try MemoryRegion(byteCount: capacity * Self.recordBytes, hugePages: true).base
    } catch {
      throw .file("memory for \(count) tokens: \(error)")
    }
  }

  /// The index of a spare.
  static func spare(_ kind: TokenClass, _ number: Int, after count: Int) -> Int {
    count + (Int(kind.rawValue) - 1) * spares + number
  }

  /// The record at `index`: its text first.
  @inline(__always)
  func record(_ index: Int) -> UnsafeMutableRawPointer {
    unsafe base + index * Self.recordBytes
  }

  /// All live records, for a file.
  var liveRecords: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base, count: count * Self.recordBytes)
  }

  func setText(_ text: [UInt8], at index: Int, user: UInt32) {
    precondition(text.count == Self.textBytes && index < capacity, "no access token's text")
    let record = unsafe record(index)
    unsafe record.put(text, 0)
    unsafe record.put(user, 60)
  }

  func text(_ index: Int) -> [UInt8] {
    unsafe [UInt8](UnsafeRawBufferPointer(start: record(index), count: Self.textBytes))
  }

  @inline(__always)
  func user(_ index: Int) -> UInt32 { unsafe UnsafeRawPointer(record(index)).u32(60) }

  /// Bits of what was done with the token since the run began.
  @inline(__always)
  func state(_ index: Int) -> UInt8 {
    unsafe record(index).load(fromByteOffset: 57, as: UInt8.self)
  }

  func setState(_ state: UInt8, at index: Int) {
    unsafe record(index).storeBytes(of: state, toByteOffset: 57, as: UInt8.self)
  }

  /// Which token of this record it is, counted modulo 16.
  @inline(__always)
  func generation(_ index: Int) -> UInt8 {
    unsafe record(index).load(fromByteOffset: 58, as: UInt8.self) & 15
  }

  /// Puts a new live token into the place of a dead one.
  func replace(_ index: Int, text: UnsafeRawPointer, user: UInt32) {
    let record = unsafe record(index)
    unsafe record.copyMemory(from: text, byteCount: Self.textBytes)
    unsafe record.put(user, 60)
    let next = generation(index) &+ 1
    unsafe record.storeBytes(of: next, toByteOffset: 58, as: UInt8.self)
    setState(0, at: index)
  }
}

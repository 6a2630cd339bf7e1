internal import LinuxIO

/// A file of live tokens, made by `fill`: a head of 64 bytes (`signetb1`, u64 number of tokens, u16
/// length of the client id and its bytes), then the records of `TokenStore`. Mode 0600: whoever
/// reads it holds the tokens.
enum TokenFile {
  private static let magic = Array("signetb1".utf8)
  private static let headBytes = 64
  private static let clientIdBytesMax = 40
  private static let partBytes = 1 << 24

  static func exists(_ path: String) -> Bool { (try? File.open(path: path, .read)) != nil }

  static func write(_ store: TokenStore, to path: String) throws(BenchError) {
    var head = magic
    head += (0..<8).map { UInt8(truncatingIfNeeded: store.count >> (8 * $0)) }
    head += [UInt8(store.clientId.count), 0] + store.clientId
    head += Array(repeating: 0, count: headBytes - head.count)
    do {
      let file = try File.open(path: path, .readWrite(createModeBits: 0o600))
      try file.truncate(toByteCount: 0, path: path)
      try file.writeWhole(head, at: 0, path: path)
      try unsafe file.writeWhole(
        UnsafeRawBufferPointer(store.liveRecords), at: Int64(headBytes), path: path)
    } catch {
      throw .file("cannot write the token file: \(error)")
    }
  }

  /// - Parameter limit: read at most so many tokens.
  static func read(_ path: String, limit: Int = .max) throws(BenchError) -> TokenStore {
    let file = try open(path)
    let head: [UInt8]
    do throws(SystemError) {
      head = try file.read(byteCount: headBytes, at: 0, path: path)
    } catch {
      throw .file("cannot read the token file: \(error)")
    }
    let idBytes = head.count == headBytes ? Int(head[16]) | Int(head[17]) << 8 : .max
    guard head.starts(with: magic), idBytes <= clientIdBytesMax else {
      throw .file("\(path) is no token file; make one with signetbench fill")
    }
    let count = unsafe head.withUnsafeBytes { unsafe Int($0.baseAddress!.u64(8)) }
    guard count > 0, count <= 1 << 28 else { throw .file("\(path) holds no number of tokens") }
    let store = try TokenStore(
      count: min(count, limit), clientId: Array(head[18..<18 + idBytes]))
    try unsafe read(file, path, into: store.liveRecords)
    return store
  }

  private static func open(_ path: String) throws(BenchError) -> FileDescriptor {
    do throws(FileError) {
      return try File.open(path: path, .read)
    } catch {
      throw .file("cannot read the token file: \(error); make one with signetbench fill")
    }
  }

  private static func read(
    _ file: borrowing FileDescriptor, _ path: String, into records: UnsafeMutableRawBufferPointer
  ) throws(BenchError) {
    var done = 0
    while done < records.count {
      let end = min(done + partBytes, records.count)
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: records[done..<end])
      let count: Int
      do throws(SystemError) {
        count = try unsafe file.pread(into: part, at: Int64(headBytes + done), path: path)
      } catch {
        throw .file("cannot read the token file: \(error)")
      }
      if count == 0 { throw .file("\(path) ends early; make it again with signetbench fill") }
      done += count
    }
  }
}

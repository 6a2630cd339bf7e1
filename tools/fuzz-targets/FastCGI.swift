// Fuzz target: a byte stream from a web server. The first two bytes say where the stream is cut:
// the records, and what they ask of the connection, must be the same as without the cut. Every
// request that becomes whole is read as HTTP, and its fields, credentials and JSON with it; what is
// sent in return must be whole records. Compiled with the pure half of signetweb.

private let configuration = WebConfiguration(
  listen: WebListener(path: "/w", mode: 0o600), servicePath: "/s",
  issuer: Array("https://id.example".utf8), userParameter: Array("SIGNET_USER".utf8),
  systemAdministrators: [Array("root".utf8)], webServerUserIDs: [0], workers: 1, logLevel: .error)

private func actions(_ pieces: [ArraySlice<UInt8>]) -> [RequestAssembly.Action] {
  var reader = RecordReader()
  var assembly = RequestAssembly()
  var actions: [RequestAssembly.Action] = []
  for piece in pieces {
    reader.append(piece)
    do throws(RecordReader.BadVersion) {
      while let record = try reader.next() { actions += assembly.take(record) }
    } catch {
      return actions + [.fail("version")]
    }
    guard reader.pendingBytes < Record.bytesMax else { fatalError("a whole record was left") }
    guard assembly.keptBytes <= WebLimits.connectionBytes,
      assembly.count <= WebLimits.requestsPerConnection
    else { fatalError("more is kept than the limits allow") }
  }
  return actions
}

private func judge(_ request: AssembledRequest) {
  guard let read = try? WebRequest(request, configuration) else { return }
  if let person = read.person {
    guard (1...128).contains(person.userID.count),
      person.isSystemAdmin == (person.userID == Array("root".utf8))
    else { fatalError("a person who is none") }
  }
  for field in read.query.fields + (read.form?.fields ?? []) {
    guard field.value.count <= WebLimits.fieldValueBytes else { fatalError("a long field") }
  }
  if let header = read.authorization, case .basic(let encoded) = AuthorizationHeader(header) {
    _ = AuthorizationHeader.basicCredentials(encoded)
  }
  if let value = try? JSONValue(read.body), case .string(let text) = value {
    guard let again = try? JSONValue(JSONWriter.quoted(text)), again == value else {
      fatalError("a JSON string is written as another one")
    }
  }
}

/// Whether the bytes are records from end to end.
private func areRecords(_ bytes: [UInt8]) -> Bool {
  var reader = RecordReader()
  reader.append(bytes)
  while let record = try? reader.next() {
    guard [3, 6, 10, 11].contains(record.type) else { return false }
  }
  return reader.pendingBytes == 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFastCGI(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard bytes.count >= 2 else { return 0 }
  let stream = bytes[2...]
  let cut = stream.startIndex + (Int(bytes[0]) << 8 | Int(bytes[1])) % (stream.count + 1)
  let whole = actions([stream])
  guard actions([stream[..<cut], stream[cut...]]) == whole else {
    fatalError("a cut changes what the stream means")
  }
  for action in whole {
    switch action {
    case .answer(let request): judge(request)
    case .send(let bytes) where !areRecords(bytes): fatalError("no records are sent")
    default: break
    }
  }
  return 0
}

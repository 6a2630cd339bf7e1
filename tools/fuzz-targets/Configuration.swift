// Fuzz target: flags and configuration file. Input: flags, one a line, then a NUL byte, then the
// file. What is accepted, written as a file, must be read back to the same configuration; what is
// refused must say so in one line. Compiled with TokenServer/Configuration.

private func read(_ flags: [String], _ file: [UInt8]?) throws(ConfigurationError)
  -> ServerConfiguration
{
  try ConfigurationReader.read(flags: LaunchFlags(flags), file: file, coreCount: 2)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let lines = parts[0].split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  let file = parts.count == 2 ? Array(parts[1]) : nil
  do throws(ConfigurationError) {
    var accepted = try read(lines, file)
    let text = Array(accepted.text.utf8)
    // A file has no name for the embedded directory; all that it stands for is spelled out.
    accepted.embeddedDirectory = nil
    do throws(ConfigurationError) {
      guard try read(["--config", "/again"], text) == accepted else {
        fatalError("another configuration is read back:\n\(accepted.text)")
      }
    } catch {
      fatalError("\(error)\nin what was written for an accepted configuration:\n\(accepted.text)")
    }
  } catch {
    guard !error.description.isEmpty, !error.description.utf8.contains(0x0A) else {
      fatalError("a refusal that is not one line: \(error)")
    }
  }
  return 0
}

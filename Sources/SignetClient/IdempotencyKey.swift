internal import LinuxIO

/// Keys under which mutations may be sent twice and happen once.
public enum IdempotencyKey {
  /// A new key from the kernel's generator. Two system calls and an open file for a moment.
  ///
  /// Traps when the generator cannot be read: a program without randomness must not go on.
  public static func random() -> Bytes16 {
    do {
      let source = try File.open(path: "/dev/urandom", .read)
      while true {
        let bytes = try source.read(byteCount: 16, at: 0, path: "/dev/urandom")
        // All zero stands for "no key".
        if let key = Bytes16(bytes), !key.isZero { return key }
      }
    } catch {
      fatalError("/dev/urandom: \(error)")
    }
  }
}

import LinuxIO
import Testing

@Suite struct SystemErrorTests {
  @Test func `an error reads as a sentence with call, path and errno`() {
    let error = SystemError(errno: .accessDenied, call: "open", path: "/etc/signet")
    #expect("\(error)" == "open /etc/signet: Permission denied (EACCES)")
    #expect("\(SystemError(errno: .noSpace, call: "write"))".contains("ENOSPC"))
  }

  @Test func `an unknown errno has a number`() {
    #expect("\(Errno(rawValue: 9999))" == "error 9999")
    #expect("\(Errno(rawValue: -1))" == "error -1")
  }

  @Test func `control characters of a path do not reach the log`() {
    let error = SystemError(errno: .notFound, call: "open", path: "/a\n\u{1B}[2J\u{7F}\u{85}é")
    #expect(
      "\(error)" == #"open /a\u{a}\u{1b}[2J\u{7f}\u{85}é: No such file or directory (ENOENT)"#)
  }

  @Test func `file errors name the file, the finding and the remedy`() {
    let mode = FileError.untrusted(path: "/k", .mode(found: 0o644, forbidden: 0o077))
    #expect("\(mode)" == "/k has mode 0644, which gives others access; chmod 0600 /k")
    let owner = FileError.untrusted(path: "/k", .owner(uid: 5, expected: 7))
    #expect("\(owner)".hasSuffix("chown 7 /k"))
    let kind = FileError.untrusted(path: "/k", .kind(found: .socket, expected: .directory))
    #expect("\(kind)" == "/k is a socket and must be a directory")
    #expect("\(FileError.tooLarge(path: "/k", limitBytes: 9))".contains("more than 9 bytes"))
    let held = FileLockError.held(path: "/d/LOCK", pid: 12)
    #expect("\(held)".contains("process 12"))
    #expect("\(FileLockError.file(mode))" == "\(mode)")
    let system = SystemError(errno: .readOnlyFileSystem, call: "open", path: "/k")
    #expect("\(FileError.system(system))" == "\(system)")
    #expect("\(SocketError.system(system))" == "\(system)")
  }
}

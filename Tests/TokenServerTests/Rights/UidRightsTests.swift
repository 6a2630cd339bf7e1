import Foundation
import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// The kernel says who connects: a daemon whose configuration gives each uid one right.
@Suite(.serialized) struct UidRightsTests {
  /// 40000 has no line; the others one right each, in bit order.
  static let firstUid: UInt32 = 40_000

  @Test(
    "each uid may do what its configuration line says and is told which line it lacks",
    .enabled(if: geteuid() == 0, "only root can connect under other uids"))
  func eachUid() throws {
    let directory = try TemporaryDirectory(mode: 0o755)
    let socket = "\(directory.path)/open.sock"
    let allow = RightSet.named.enumerated().map { index, entry in
      "allow = uid:\(Self.firstUid + 1 + UInt32(index)) rights=\(entry.name)"
    }
    let daemon = try RunningDaemon(
      configuration: [
        "data-directory = \(directory.path)/data", "root-key-file = \(directory.path)/root.key",
        "durability = volatile", "accept-data-loss = yes",
        "listen = \(socket) mode=0666 rights=all",
      ] + allow, in: directory)
    for index in 0...RightSet.named.count {
      let rights = index == 0 ? [] : RightSet.named[index - 1].right
      try check(uid: Self.firstUid + UInt32(index), rights, socket, directory)
    }
    #expect(try daemon.stop() == .exited(0))
  }

  private func check(
    uid: UInt32, _ rights: RightSet, _ socket: String, _ directory: TemporaryDirectory
  ) throws {
    let operations = ProtocolSchema.shared.operations.filter { $0.name != "HELLO" }
    let garbage = Array(repeating: UInt8(0xFF), count: 40)
    var frames: [RawFrame] = []
    for operation in operations {
      let vector = try #require(GoldenFrame.typical[operation.opcode])
      frames.append(RawFrame(operation.opcode, 5, vector.body))
      frames.append(RawFrame(operation.opcode, 6, garbage))
    }
    let replies = try Self.ask(uid: uid, frames, socket, directory)
    try #require(replies.count == frames.count)
    for (index, operation) in operations.enumerated() {
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      let what: Comment = "\(operation.name), uid \(uid)"
      for reply in replies[2 * index...2 * index + 1] {
        #expect(reply.opcode == operation.opcode, what)
        let refusal = ServiceConnection.Refused(reply)
        let isDenied = refusal.status == .denied
        if opcode.isAllowed(with: rights) {
          // Who may not speak for the person in the body is told so with the field's name.
          #expect(!isDenied || refusal.field == "acting", what)
        } else {
          let missing = try #require(
            RightSet.named.first { opcode.requiredRights.contains($0.right) })
          #expect(isDenied, what)
          #expect(refusal.message.contains("uid \(uid) "), what)
          #expect(
            refusal.message.contains("allow = uid:\(uid) rights=\(missing.name)"), what)
        }
      }
      let isBad = BodyWalk(garbage, of: operation).fault != nil
      if opcode.isAllowed(with: rights) && isBad {
        #expect(replies[2 * index + 1].status == Status.malformed.rawValue, what)
      }
    }
  }

  /// Connects under another uid, once for each frame, and reads one reply to each.
  private static func ask(
    uid: UInt32, _ frames: [RawFrame], _ socket: String, _ directory: TemporaryDirectory
  ) throws -> [RawFrame] {
    let lines = frames.map { hexText(ServiceConnection.hello().bytes) + hexText($0.bytes) + "\n" }
    let file = try directory.write("frames-\(uid)", lines.joined())
    let child = try ChildProcess(
      "/usr/bin/env", ["python3", "-c", script, "\(uid)", socket, file])
    #expect(try child.waitForEnd() == .exited(0), "\(child.output)")
    return child.output.split(separator: "\n").compactMap {
      RawFrame.read(hexBytes(String($0))[...])?.frame
    }
  }

  /// Reads the file as root, becomes the uid, then connects. Writes to standard error, which is
  /// what the test reads.
  private static let script = """
    import os, socket, sys
    uid, path, lines = int(sys.argv[1]), sys.argv[2], open(sys.argv[3]).read().split()
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
    def frame(s):
        out = b""
        while len(out) < 16 or len(out) < 16 + int.from_bytes(out[:4], "little"):
            need = 16 if len(out) < 16 else 16 + int.from_bytes(out[:4], "little")
            piece = s.recv(need - len(out))
            if not piece: sys.exit("closed: " + out.hex())
            out += piece
        return out
    for line in lines:
        s = socket.socket(socket.AF_UNIX); s.settimeout(60); s.connect(path)
        s.sendall(bytes.fromhex(line))
        hello, reply = frame(s), frame(s)
        assert hello[12:14] == b"\\0\\0", hello.hex()
        sys.stderr.write(reply.hex() + "\\n")
        s.close()
    """
}

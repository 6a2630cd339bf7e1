import Foundation
import LinuxIO
import Testing

@Suite struct MemoryTests {
  @Test(arguments: [false, true]) func `a region is zeroed and whole pages`(huge: Bool) throws {
    let region = try MemoryRegion(byteCount: 10_000, hugePages: huge)
    #expect(region.byteCount == 12_288)
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: region.base, count: region.byteCount)
    #expect(unsafe bytes.allSatisfy { $0 == 0 })
    unsafe bytes[12_287] = 1
    #expect(unsafe UInt(bitPattern: region.base) % (huge ? 2 << 20 : 4096) == 0)
  }

  @Test(arguments: [false, true]) func `touched memory is there, and zero`(huge: Bool) throws {
    let region = try MemoryRegion(byteCount: 3 << 20, hugePages: huge)
    region.touchAll()
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: region.base, count: region.byteCount)
    #expect(unsafe bytes.allSatisfy { $0 == 0 })
    let address = unsafe UInt(bitPattern: region.base)
    let resident = try #require(try words(at: address, after: "Rss:").first.flatMap { Int($0) })
    #expect(resident >= 3 << 10, "KiB")
  }

  @Test func `huge pages are there for what is a little smaller than one`() throws {
    let switchPath = "/sys/kernel/mm/transparent_hugepage/enabled"
    let setting = (try? File.readWhole(path: switchPath, limitBytes: 4_096)) ?? []
    let text = String(decoding: setting, as: UTF8.self)
    let region = try MemoryRegion(byteCount: 2_068_416, hugePages: true)
    region.touchAll()
    let address = unsafe UInt(bitPattern: region.base)
    let huge = try words(at: address, after: "AnonHugePages:").first.flatMap { Int($0) }
    // Where the system has none the region works as well.
    let hasHugePages = text.contains("[madvise]") || text.contains("[always]")
    #expect(hasHugePages ? huge == 2_048 : huge ?? 0 == 0, "KiB")
  }

  @Test func `huge pages are used in a part of a region, and only there`() throws {
    // Where the system has none the region works as well.
    let switchPath = "/sys/kernel/mm/transparent_hugepage/enabled"
    let hasHugePages = (try? File.readWhole(path: switchPath, limitBytes: 4_096)) != nil
    let region = try MemoryRegion(byteCount: 16 << 20)
    region.useHugePages(in: 100..<(8 << 20) + 100)
    region.useHugePages(in: (12 << 20)..<(12 << 20) + 4_095)
    let address = unsafe UInt(bitPattern: region.base)
    #expect(try flags(at: address).contains("hg") == hasHugePages)
    #expect(try flags(at: address + (8 << 20) - 4_096).contains("hg") == hasHugePages)
    #expect(try !flags(at: address + (8 << 20)).contains("hg"))
    #expect(try !flags(at: address + (12 << 20)).contains("hg"))
  }

  @Test func `a region larger than memory costs nothing until it is touched`() throws {
    let region = try MemoryRegion(byteCount: 1 << 40)
    #expect(region.byteCount == 1 << 40)
    unsafe region.base.storeBytes(of: 5, toByteOffset: 1 << 39, as: UInt8.self)
    #expect(unsafe region.base.load(fromByteOffset: 1 << 39, as: UInt8.self) == 5)
    #expect(unsafe region.base.load(fromByteOffset: (1 << 40) - 1, as: UInt8.self) == 0)
  }

  @Test(arguments: [1 << 60, Int.max, Int.max - 4096])
  func `a region that no address space holds is an error`(byteCount: Int) {
    #expect(throws: SystemError(errno: .outOfMemory, call: "mmap")) {
      _ = try MemoryRegion(byteCount: byteCount)
    }
  }

  @Test func `a region is kept out of core dumps`() throws {
    let region = try MemoryRegion(byteCount: 4096)
    let flags = unsafe try flags(at: UInt(bitPattern: region.base))
    #expect(flags.contains("dd"), "DONTDUMP")
    #expect(flags.contains("nr"), "NORESERVE")
  }

  @Test func `a secret is kept, locked and out of core dumps`() throws {
    var secret = try LockedMemory(byteCount: 32)
    let isZero = unsafe secret.withBytes { unsafe $0.count == 32 && $0.allSatisfy { $0 == 0 } }
    #expect(isZero)
    unsafe secret.withMutableBytes { unsafe $0[31] = 9 }
    let (last, address) = unsafe secret.withBytes {
      unsafe ($0[31], UInt(bitPattern: $0.baseAddress))
    }
    #expect(last == 9)
    let flags = try flags(at: address)
    #expect(flags.contains("dd"))
    let isLocked = secret.lockFailure == nil
    #expect(flags.contains("lo") == isLocked)
  }

  @Test func `a secret's memory is given back`() throws {
    var addresses: Set<UInt> = []
    for _ in 0..<100 {
      let secret = try LockedMemory(byteCount: 32)
      let address = unsafe secret.withBytes { UInt(bitPattern: $0.baseAddress) }
      addresses.insert(address)
    }
    #expect(addresses.count < 100, "pages are used again")
  }

  @Test(.enabled(if: isRoot)) func `memory that cannot be locked is usable and says so`() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 0, rlim_max: 0)
      // RLIMIT_MEMLOCK, a name that Swift does not see.
      precondition(unsafe setrlimit(__rlimit_resource_t(8), &limit) == 0)
      #expect(setuid(nobody) == 0)
      var secret = try LockedMemory(byteCount: 32)
      let failure = secret.lockFailure
      #expect(failure?.call == "mlock")
      unsafe secret.withMutableBytes { unsafe $0[0] = 1 }
      let first = unsafe secret.withBytes { unsafe $0[0] }
      #expect(first == 1)
    }
  }

  /// The kernel's flags of the mapping that holds an address.
  private func flags(at address: UInt) throws -> [String] {
    try words(at: address, after: "VmFlags:")
  }

  /// Of the line that begins so, in what the kernel says of the mapping with the address.
  private func words(at address: UInt, after name: String) throws -> [String] {
    let map = String(
      decoding: try File.readWhole(path: "/proc/self/smaps", limitBytes: 1 << 24),
      as: UTF8.self)
    var isInside = false
    for line in map.split(separator: "\n") {
      let range = line.prefix { $0 != " " }.split(separator: "-")
      if range.count == 2, let from = UInt(range[0], radix: 16), let to = UInt(range[1], radix: 16)
      {
        isInside = (from..<to).contains(address)
      } else if isInside, line.hasPrefix(name) {
        return line.split(separator: " ").dropFirst().map(String.init)
      }
    }
    throw TestFailure("no mapping holds the address")
  }
}

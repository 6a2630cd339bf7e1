internal import LinuxIO
internal import TokenCore

extension Arena {
  /// A fresh arena for the configured tables. Address space is reserved for all of them, for as
  /// long as the process runs; memory is taken as rows are used. Huge pages are asked for where
  /// look-ups go, and nowhere else: most tables fill none.
  static func reserve(_ limits: ServerLimits) throws(StartError) -> Arena {
    let layout = ArenaLayout(TableSizes(limits).arenaLimits)
    let region: MemoryRegion
    do throws(SystemError) {
      region = try MemoryRegion(byteCount: layout.byteCount)
    } catch {
      throw StartError(.system, error.description)
    }
    for range in layout.lookedUpRanges { region.useHugePages(in: range) }
    let memory = unsafe UnsafeMutableRawBufferPointer(
      start: region.base, count: region.byteCount)
    guard let arena = unsafe Arena(memory, layout: layout) else {
      preconditionFailure("fresh memory holds no arena of another layout")
    }
    return arena
  }
}

extension TableSizes {
  init(_ limits: ServerLimits) {
    self.init()
    tokens = limits.maxTokens
    grants = limits.maxGrants
    families = limits.maxFamilies
    codes = limits.maxCodes
    users = limits.maxUsers
    apps = limits.maxApps
    scopeSets = limits.maxScopeSets
    audiences = limits.maxAudiences
    auditRecords = limits.maxAuditRecords
  }
}

public import LinuxIO
public import TokenCore

extension Arena {
  /// A fresh arena for tables of these sizes. Address space is reserved for all of them, for as
  /// long as the process runs; memory is taken as rows are used. Huge pages are asked for where
  /// look-ups go, and nowhere else: most tables fill none.
  public static func reserve(_ sizes: TableSizes) throws(SystemError) -> Arena {
    let layout = ArenaLayout(sizes.arenaLimits)
    let region = try MemoryRegion(byteCount: layout.byteCount)
    for range in layout.lookedUpRanges { region.useHugePages(in: range) }
    // Invariant: the region is never unmapped, and nothing else refers to it.
    let memory = unsafe UnsafeMutableRawBufferPointer(
      start: region.base, count: region.byteCount)
    guard let arena = unsafe Arena(memory, layout: layout) else {
      preconditionFailure("fresh memory holds no arena of another layout")
    }
    return arena
  }

  /// The same, for the configured tables.
  static func reserve(_ limits: ServerLimits) throws(StartError) -> Arena {
    do throws(SystemError) {
      return try reserve(TableSizes(limits))
    } catch {
      throw StartError(.system, error.description)
    }
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

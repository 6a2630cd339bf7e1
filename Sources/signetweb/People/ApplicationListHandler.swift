internal import TokenWire

/// `GET /console/applications`: page by page, or those that fit what is searched for.
enum ApplicationListHandler {
  /// A page of some forty applications.
  private static let pageBytes: UInt32 = 12_000
  /// A search looks at this many replies of the service, or until so many fit, and offers to go on.
  private static let searchReplies = 8
  private static let searchMatches = 25

  static func respond(
    _ request: WebRequest, _ person: Person, _ worker: inout WebWorker
  ) throws(PageStop) -> WebResponse {
    try request.requireRead()
    let cursor = try request.cursor(person)
    let showsOwnOnly = try request.parameter("mine", person) == [0x31]
    let filter = ApplicationForm.trimmed(try request.parameter("q", person))
    let notice = try DoneNote.notice(request, person)
    let found = try find(
      filter, after: cursor, all: person.isSystemAdmin && !showsOwnOnly, person, &worker)
    let page = ApplicationListPage(
      person: person, apps: found.apps, showsOwnOnly: showsOwnOnly, filter: filter,
      nextCursor: found.next == 0 ? nil : found.next, isContinued: cursor != 0,
      showsIcons: worker.configuration.showsIcons, notice: notice)
    return WebResponse(page.page)
  }

  private static func find(
    _ filter: [UInt8], after cursor: UInt64, all: Bool, _ person: Person,
    _ worker: inout WebWorker
  ) throws(PageStop) -> (apps: [AppEntry], next: UInt64) {
    var apps: [AppEntry] = []
    var next = cursor
    for _ in 0..<(filter.isEmpty ? 1 : searchReplies) {
      let reply = try worker.ask(
        AppListRequest(
          acting: person.acting, all: all, cursor: next,
          maxBytes: filter.isEmpty ? pageBytes : 0))
      apps += reply.apps.filter { fits($0, filter) }
      next = reply.nextCursor
      if next == 0 || apps.count >= searchMatches { break }
    }
    return (apps, next)
  }

  /// Without regard to the case of ASCII letters.
  private static func fits(_ app: AppEntry, _ filter: [UInt8]) -> Bool {
    if filter.isEmpty { return true }
    let wanted = filter.map(folded)
    return contains(app.name.map(folded), wanted) || contains(app.clientId, wanted)
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }
}

extension ServiceState {
  /// F24, F29, F50: one's own applications, or all of them for a system administrator. Local
  /// administration always sees all.
  func listApps(_ person: Person, all: Bool, _ page: Page) throws(Refusal) -> Outcome {
    try requirePerson(person)
    guard !all || person.administers else {
      throw Refusal(
        .forbidden, field: "all", "only a system administrator may list everybody's applications")
    }
    let owner = all || person.login == .local ? nil : findUserSlot(person.user) ?? 0
    if owner == 0 { return .apps([], next: 0) }
    var walk = SlotWalk(page, highWater: apps.highWater)
    var listed: [AppDescription] = []
    while let slot = walk.next() {
      guard isListed(slot, owner: owner), let app = apps[slot], !app.isDeleted else { continue }
      let description = describe(app)
      guard walk.takes(description.listedByteCount) else { break }
      listed.append(description)
    }
    return .apps(listed, next: walk.cursor)
  }

  private func isListed(_ slot: UInt32, owner: UInt32?) -> Bool {
    guard apps.isLive(slot) else { return false }
    return owner == nil || creatorSlot(ofApp: slot) == owner
  }

  /// Read by itself: a scan for one person's applications decodes only those.
  func creatorSlot(ofApp slot: UInt32) -> UInt32 {
    let bytes = apps.reader.bytes(
      slot, offset: ClientApplication.creatorSlotOffset, count: 4)
    var reader = FieldReader(bytes)
    return reader.u32()
  }
}

extension AppDescription {
  /// Bytes of the `App` group of the protocol, or a little more.
  var listedByteCount: Int {
    let texts = [
      app.clientID, creator, app.fields.name, app.fields.description, app.fields.homepage,
      app.fields.iconURL, app.fields.scopes,
    ]
    let lists = app.fields.callbacks + app.fields.audiences
    return 64 + (texts + lists).reduce(0) { $0 + $1.count + 2 }
  }
}

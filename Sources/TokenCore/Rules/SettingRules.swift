// SETTINGS_GET and SETTINGS_SET: local administration, or a system administrator in person.

extension ServiceState {
  func getSettings(_ person: Person) throws(Refusal) -> Outcome {
    try requirePerson(person)
    try requireAdministrator(person)
    return .settings(settings)
  }

  /// All changes or none. It works with the provider off: that is how it is switched on.
  func setSettings(
    _ person: Person, _ changes: [SettingChange], _ plan: inout Plan
  ) throws(Refusal) -> Outcome {
    plan.audit = AuditSubject(.settingsChanged, by: person)
    try requirePerson(person)
    try requireAdministrator(person)
    let changed = try settings(with: changes)
    if changed != settings { plan.add(.settings(changed)) }
    return .settings(changed)
  }

  func requireAdministrator(_ person: Person) throws(Refusal) {
    guard person.administers else {
      throw Refusal(.forbidden, "only a system administrator may read or change settings")
    }
  }

  private func settings(with changes: [SettingChange]) throws(Refusal) -> Settings {
    var changed = settings
    for (index, change) in changes.enumerated() {
      let field = "settings[\(index)]"
      guard let entry = SettingRegistry.entry(change.name) else {
        throw unknownSetting(change.name, "\(field).name")
      }
      guard !changes[..<index].contains(where: { $0.name == change.name }) else {
        throw Refusal(
          .invalidField, field: "\(field).name", "\(entry.name): is in the request twice")
      }
      guard entry.write(&changed, change.value) else {
        throw Refusal(
          .invalidField, field: "\(field).value", "\(entry.name): must be \(entry.rule)")
      }
    }
    return changed
  }

  private func unknownSetting(_ name: [UInt8], _ field: String) -> Refusal {
    let known = "there is no setting of this name"
    guard name.count <= 64 else { return Refusal(.unknownSetting, field: field, known) }
    let nearest = SettingRegistry.nearestName(to: name)
    return Refusal(.unknownSetting, field: field, "\(known); the nearest is \(nearest)")
  }
}

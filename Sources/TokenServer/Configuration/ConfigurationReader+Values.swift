extension ConfigurationReader {
  func path(_ assignment: Assignment) throws(ConfigurationError) -> String {
    try absolutePath(assignment.value, assignment)
  }

  func refuseIfEmbedded(_ assignment: Assignment) throws(ConfigurationError) {
    let embeds: Set<ConfigurationKey> = [.dataDirectory, .rootKeyFile, .adminSocket]
    if configuration.embeddedDirectory != nil && embeds.contains(assignment.key) {
      throw ConfigurationError(
        .conflict, assignment.origin, "--embedded sets \(assignment.key.rawValue) itself",
        "leave out one of the two")
    }
  }

  mutating func takeDurability(_ assignment: Assignment) throws(ConfigurationError) {
    guard let durability = Durability(rawValue: assignment.value) else {
      throw ConfigurationError(
        .badValue, assignment.origin, "durability \(quoted(assignment.value)) does not exist",
        suggestion(for: assignment.value.utf8, among: Durability.allCases.map(\.rawValue))
          ?? "write durable, or see --help for the others")
    }
    configuration.durability = durability
  }

  mutating func takeNumber(_ assignment: Assignment) throws(ConfigurationError) {
    guard let number = NumberKey.all.first(where: { $0.key == assignment.key }) else {
      preconditionFailure("a key is handled by name or is a number")
    }
    let digits = assignment.value.utf8
    let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) } && digits.count <= 12
    guard isNumber, let value = Int(assignment.value), number.range.contains(value) else {
      throw ConfigurationError(
        .badValue, assignment.origin,
        "\(assignment.key.rawValue) is \(quoted(assignment.value))",
        "give a whole number from \(number.range.lowerBound) to \(number.range.upperBound)")
    }
    configuration.limits[keyPath: number.field] = value
  }

  func isYes(_ assignment: Assignment) throws(ConfigurationError) -> Bool {
    switch assignment.value {
    case "yes": return true
    case "no": return false
    default:
      throw ConfigurationError(
        .badValue, assignment.origin,
        "\(assignment.key.rawValue) is \(quoted(assignment.value))", "write yes or no")
    }
  }

  func logLevel(_ assignment: Assignment) throws(ConfigurationError) -> LogLevel {
    let known = LogLevel.allCases.map(\.name)
    guard let level = LogLevel.allCases.first(where: { $0.name == assignment.value }) else {
      throw ConfigurationError(
        .badValue, assignment.origin, "log-level is \(quoted(assignment.value))",
        suggestion(for: assignment.value.utf8, among: known)
          ?? "write \(known.joined(separator: ", "))")
    }
    return level
  }
}

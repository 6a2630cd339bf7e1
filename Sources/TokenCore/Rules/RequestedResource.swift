extension ServiceState {
  /// F45: empty means none was named.
  func requireResource(_ resource: [UInt8], field: String = "resource") throws(Refusal) {
    guard resource.isEmpty || URLRules.isAudience(resource) else {
      throw Refusal(
        .invalidTarget, field: field,
        "\(field) must be an absolute URI without a fragment, at most"
          + " \(Limits.audienceMaxBytes) bytes")
    }
  }
}

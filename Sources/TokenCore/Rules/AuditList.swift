extension ServiceState {
  /// AUDIT: the trail from the oldest record kept to the newest. The cursor is a commit position,
  /// and a page starts with the first record after it; so a reader that keeps the position of the
  /// last record it got can come back for the newer ones.
  func listAudit(_ page: Page) -> Outcome {
    var records: [AuditRecord] = []
    var budget = PageBudget(page)
    for index in firstAudit(after: page.cursor)..<auditTrail.liveCount {
      guard let record = auditRecord(index) else { break }
      guard budget.take(record.listedByteCount) else {
        return .audit(records, next: records.last?.position ?? 0)
      }
      records.append(record)
    }
    return .audit(records, next: 0)
  }

  /// The trail is a ring whose slots are filled in order: record 0 is the oldest.
  private func auditRecord(_ index: Int) -> AuditRecord? {
    let oldest = Int(derived.lastAuditSlot) - auditTrail.liveCount + auditTrail.capacity
    return auditTrail[UInt32((oldest + index) % auditTrail.capacity + 1)]
  }

  /// Positions grow along the trail, so the place is found by halving.
  private func firstAudit(after position: UInt64) -> Int {
    var low = 0
    var high = auditTrail.liveCount
    while low < high {
      let middle = (low + high) / 2
      if let record = auditRecord(middle), record.position > position {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}

extension AuditRecord {
  /// Bytes of its group in the protocol, or a little more.
  var listedByteCount: Int {
    96 + event.name.utf8.count + actor.count + user.count + clientID.count
  }
}

/// For every owner, the slots that belong to it, oldest first: grants, consents and codes
/// of a user.
///
/// Derived memory: rebuilt from the records after a restart, so no record carries a link. Adding
/// and removing are O(1); 8 bytes for each slot ever used and for each owner ever seen.
///
/// Room for all is reserved at once: address space only, where growing would make one operation
/// wait for a copy and leave the smaller pieces behind.
struct OwnerLists {
  private struct Ends { var first: UInt32 = 0, last: UInt32 = 0 }
  private struct Links { var previous: UInt32 = 0, next: UInt32 = 0 }

  private var ends: [Ends] = []
  private var links: [Links] = []

  /// - Parameters:
  ///   - owners: the highest slot of an owner.
  ///   - slots: the highest slot of what belongs to one.
  init(owners: Int, slots: Int) {
    ends.reserveCapacity(owners + 1)
    links.reserveCapacity(slots + 1)
  }

  func first(of owner: UInt32) -> UInt32 {
    Int(owner) < ends.count ? ends[Int(owner)].first : 0
  }

  /// The slot after this one in its owner's list; 0 at the end.
  func next(after slot: UInt32) -> UInt32 { links[Int(slot)].next }

  mutating func append(_ slot: UInt32, to owner: UInt32) {
    while ends.count <= Int(owner) { ends.append(Ends()) }
    while links.count <= Int(slot) { links.append(Links()) }
    let last = ends[Int(owner)].last
    links[Int(slot)] = Links(previous: last, next: 0)
    if last == 0 {
      ends[Int(owner)].first = slot
    } else {
      links[Int(last)].next = slot
    }
    ends[Int(owner)].last = slot
  }

  mutating func remove(_ slot: UInt32, from owner: UInt32) {
    let link = links[Int(slot)]
    if link.previous == 0 {
      ends[Int(owner)].first = link.next
    } else {
      links[Int(link.previous)].next = link.next
    }
    if link.next == 0 {
      ends[Int(owner)].last = link.previous
    } else {
      links[Int(link.next)].previous = link.previous
    }
    links[Int(slot)] = Links()
  }
}

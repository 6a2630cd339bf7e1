/// The applications used last, decoded: an application's record has five kilobytes, and most
/// operations of a busy client need a few fields of it. Derived memory, direct-mapped by slot; an
/// entry is forgotten with every change of its application.
struct DecodedApps {
  private static let capacity = 64
  private var slots = [UInt32](repeating: 0, count: capacity)
  private var apps = [ClientApplication?](repeating: nil, count: capacity)

  subscript(slot: UInt32) -> ClientApplication? {
    let place = Self.place(slot)
    return slots[place] == slot ? apps[place] : nil
  }

  func contains(_ slot: UInt32) -> Bool { slots[Self.place(slot)] == slot }

  mutating func keep(_ app: ClientApplication, _ slot: UInt32) {
    let place = Self.place(slot)
    slots[place] = slot
    apps[place] = app
  }

  mutating func forget(_ slot: UInt32) {
    let place = Self.place(slot)
    guard slots[place] == slot else { return }
    slots[place] = 0
    apps[place] = nil
  }

  private static func place(_ slot: UInt32) -> Int { Int(slot) % capacity }
}

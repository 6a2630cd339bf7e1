/// Which slots of a table are free: the last one freed first, then slots never used, in order.
///
/// Derived memory, rebuilt from the table after recovery. ``peek(_:)`` changes nothing, because
/// `decide` chooses slots and only `apply` takes them. One bit for each slot ever used and 4 bytes
/// for each free one.
///
/// Every operation is O(1) in a running service, where what is taken was peeked shortly before and
/// lies near the top of the stack. A replay takes slots in the order of another stack: the first
/// one that lies deeper than ``searchDepth`` has every slot's place written down, O(highWater) and
/// 4 bytes for each slot from then on.
struct FreeSlots {
  let capacity: Int
  /// The highest slot ever taken; 0 when none was.
  private(set) var highWater = 0
  private var stack: [UInt32] = []
  /// Bit `slot % 64` of word `slot / 64`: the slot is free. Slot 0 is not.
  private var freeBits: [UInt64] = [0]
  /// Empty, or `places[slot]` is the slot's place in `stack`; of no meaning for a taken slot.
  private var places: [UInt32] = []

  /// How deep a slot is looked for before places are written down.
  static let searchDepth = 4_096

  init(capacity: Int) {
    self.capacity = capacity
    // Address space only; growing later would make one operation wait for a copy.
    freeBits.reserveCapacity(capacity / 64 + 1)
  }

  var takenCount: Int { highWater - stack.count }

  /// The slot that would be taken after `k` others were; nil when fewer are free.
  func peek(_ k: Int) -> UInt32? {
    precondition(k >= 0)
    if k < stack.count { return stack[stack.count - 1 - k] }
    let slot = highWater + 1 + (k - stack.count)
    return slot <= capacity ? UInt32(slot) : nil
  }

  func isFree(_ slot: UInt32) -> Bool {
    Int(slot) > highWater ? Int(slot) <= capacity : hasFreeBit(slot)
  }

  /// Takes a free slot, whichever it is. Slots skipped below it become free ones.
  mutating func take(_ slot: UInt32) {
    precondition(slot > 0 && Int(slot) <= capacity, "slot out of range")
    while highWater < Int(slot) {
      highWater += 1
      if highWater / 64 == freeBits.count { freeBits.append(0) }
      if !places.isEmpty { places.append(0) }
      if highWater < Int(slot) { push(UInt32(highWater)) } else { return }
    }
    precondition(hasFreeBit(slot), "slot is taken already")
    let place = place(of: slot)
    let last = stack.removeLast()
    if last != slot {
      stack[place] = last
      if !places.isEmpty { places[Int(last)] = UInt32(place) }
    }
    freeBits[Int(slot) / 64] &= ~(1 << UInt64(slot % 64))
  }

  mutating func give(_ slot: UInt32) {
    precondition(slot > 0 && Int(slot) <= highWater, "slot was never taken")
    precondition(!hasFreeBit(slot), "slot is free already")
    push(slot)
  }

  /// Starts over from a table whose slots 1 ... `highWater` are live or not. Afterwards the lowest
  /// free slot is the first to be taken. O(highWater).
  mutating func rebuild(highWater: Int, isLive: (UInt32) -> Bool) {
    precondition(0...capacity ~= highWater, "the high-water mark is out of range")
    self.highWater = highWater
    stack = []
    places = []
    freeBits.removeAll(keepingCapacity: true)
    freeBits.append(contentsOf: repeatElement(0, count: highWater / 64 + 1))
    var slot = highWater
    while slot > 0 {
      if !isLive(UInt32(slot)) { push(UInt32(slot)) }
      slot -= 1
    }
  }

  private func hasFreeBit(_ slot: UInt32) -> Bool {
    freeBits[Int(slot) / 64] >> UInt64(slot % 64) & 1 == 1
  }

  /// Where a free slot lies in the stack.
  private mutating func place(of slot: UInt32) -> Int {
    if places.isEmpty {
      let deepest = max(stack.count - Self.searchDepth, 0)
      for place in stride(from: stack.count - 1, through: deepest, by: -1)
      where stack[place] == slot { return place }
      places.reserveCapacity(capacity + 1)
      places.append(contentsOf: repeatElement(0, count: highWater + 1))
      for (place, free) in stack.enumerated() { places[Int(free)] = UInt32(place) }
    }
    return Int(places[Int(slot)])
  }

  private mutating func push(_ slot: UInt32) {
    if !places.isEmpty { places[Int(slot)] = UInt32(stack.count) }
    stack.append(slot)
    freeBits[Int(slot) / 64] |= 1 << UInt64(slot % 64)
  }
}

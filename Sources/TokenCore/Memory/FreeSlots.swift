/// Which slots of a table are free: the last one freed first, then slots never used, in order.
///
/// Derived memory, rebuilt from the table after recovery. ``peek(_:)`` changes nothing, because
/// `decide` chooses slots and only `apply` takes them. 4 bytes for each slot ever used, and 4 for
/// each free one; every operation is O(1).
struct FreeSlots {
  let capacity: Int
  /// The highest slot ever taken; 0 when none was.
  private(set) var highWater = 0
  private var stack: [UInt32] = []
  /// `places[slot]` is 1 + the slot's place in `stack`, or 0 when the slot is taken.
  private var places: [UInt32] = [0]

  init(capacity: Int) {
    self.capacity = capacity
    // Address space only; growing later would make one operation wait for a copy.
    places.reserveCapacity(capacity + 1)
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
    Int(slot) > highWater ? Int(slot) <= capacity : slot > 0 && places[Int(slot)] != 0
  }

  /// Takes a free slot, whichever it is. Slots skipped below it become free ones.
  mutating func take(_ slot: UInt32) {
    precondition(slot > 0 && Int(slot) <= capacity, "slot out of range")
    while highWater < Int(slot) {
      highWater += 1
      places.append(0)
      if highWater < Int(slot) { push(UInt32(highWater)) } else { return }
    }
    precondition(places[Int(slot)] != 0, "slot is taken already")
    let place = Int(places[Int(slot)]) - 1
    let last = stack.removeLast()
    if last != slot {
      stack[place] = last
      places[Int(last)] = UInt32(place + 1)
    }
    places[Int(slot)] = 0
  }

  mutating func give(_ slot: UInt32) {
    precondition(slot > 0 && Int(slot) <= highWater, "slot was never taken")
    precondition(places[Int(slot)] == 0, "slot is free already")
    push(slot)
  }

  /// Starts over from a table whose slots 1 ... `highWater` are live or not. Afterwards the lowest
  /// free slot is the first to be taken. O(highWater).
  mutating func rebuild(highWater: Int, isLive: (UInt32) -> Bool) {
    precondition(0...capacity ~= highWater, "the high-water mark is out of range")
    self.highWater = highWater
    stack = []
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(0, count: highWater + 1))
    var slot = highWater
    while slot > 0 {
      if !isLive(UInt32(slot)) { push(UInt32(slot)) }
      slot -= 1
    }
  }

  private mutating func push(_ slot: UInt32) {
    stack.append(slot)
    places[Int(slot)] = UInt32(stack.count)
  }
}

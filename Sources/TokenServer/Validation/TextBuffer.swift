/// Room for one text, kept from use to use, so that copying a text allocates nothing.
///
/// Invariant behind the unsafe code: `base` is `capacity` bytes owned by this value alone, and
/// 0 ≤ count ≤ capacity; the first `count` bytes are initialised.
@safe
struct TextBuffer: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    unsafe base = .allocate(byteCount: capacity, alignment: 8)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  /// Lets `copy` write at most `capacity` bytes and say how many it wrote.
  mutating func fill(_ copy: (UnsafeMutableRawBufferPointer) -> Int) {
    count = unsafe min(copy(UnsafeMutableRawBufferPointer(start: base, count: capacity)), capacity)
  }

  /// Makes it the empty text.
  mutating func clear() { count = 0 }

  /// The text. Valid until the next `fill`.
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  var span: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}

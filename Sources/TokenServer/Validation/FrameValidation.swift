internal import Synchronization
public import TokenCore
public import TokenCrypto
public import TokenWire

/// What a worker does with VALIDATE frames that it has read, in the caller's thread and without a
/// socket: for measurements, and for whoever embeds the service. One for each thread.
///
/// The state's memory has to live as long as this does. Warm, a frame allocates nothing.
public struct FrameValidation: ~Copyable {
  private var validator: Validator
  private var mint: TokenMint
  private let counters = WorkerCounters()
  private let caller: Caller
  private var output = WireWriter(capacity: 65_536)

  /// Of a state that has a token key, under the root key that its tokens are signed with.
  public init(_ state: borrowing ServiceState, root: RootKey) {
    let keyring = Keyring(root: root)
    keyring.publish(state.signingKeys)
    mint = TokenMint(keyring)
    validator = Validator(
      view: ServiceView(
        space: state.space, gates: state.gates, texts: state.texts, clock: SharedClock()))
    caller = Caller(
      uid: 0, gid: 0, pid: 0, rights: .all, listener: 0,
      maxFrameBytes: UInt32(WireLimits.frameBytesMax))
  }

  /// Judges the tokens of whole VALIDATE frames, as one read may bring them, and writes the reply
  /// frames, as if they were sent at once.
  ///
  /// - Returns: how many of the tokens are valid.
  public mutating func answer(_ frames: RawSpan) throws(WireFault) -> Int {
    let before = counters.validTokens.load(ordering: .relaxed)
    let reader = FrameReader(
      .requests, version: WireLimits.version, maxFrame: WireLimits.frameBytesMax)
    var offset = 0
    while offset < frames.byteCount {
      let run = reader.run(of: .validate, in: frames, from: offset, atMost: .max)
      guard run.count > 0 else { throw WireFault(.invalidHeader, "length") }
      let answer = validator.answer(run, caller, mint, counters, to: &output)
      if let fault = answer.fault { throw fault }
      offset += answer.bytes
    }
    output.removeFirst(output.count)
    return Int(counters.validTokens.load(ordering: .relaxed) &- before)
  }
}

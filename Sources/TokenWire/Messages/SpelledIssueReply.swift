/// What `IssueReply` says, without an array for each text of each token.
public struct SpelledIssueReply: ReplyBody {
  public var position: UInt64
  public var tokens: [SpelledTokenSet]

  public init(position: UInt64, tokens: [SpelledTokenSet]) {
    self.position = position
    self.tokens = tokens
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    let list = writer.beginList("tokens")
    for token in tokens {
      let group = writer.beginGroup("tokens")
      token.write(to: &writer)
      writer.endGroup(group)
    }
    writer.endList(list, count: tokens.count)
  }
}

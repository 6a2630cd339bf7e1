import Testing

@testable import signetbench

@Suite struct KeyCodecTests {
  private let shape = LoadShape(connections: 1, depth: 2, batch: 2)
  private let value = "u0000000" + String(repeating: "v", count: 56)
  private var key: String {
    get throws { String(decoding: try sampleStore(1).text(0), as: UTF8.self) }
  }

  private func keys(
    _ action: KeyExchange.Action, _ order: KeyExchange.Order, store count: Int = 1
  ) throws -> KeyExchange {
    KeyExchange(action, order, shape, try sampleStore(count), TokenMix())
  }

  @Test func redisRequestsAreTheseBytes() throws {
    var get = RedisCodec(shape, try keys(.get, .drawn))
    let one = "*2\r\n$3\r\nGET\r\n$57\r\n\(try key)\r\n"
    #expect(get.request() == Array((one + one).utf8))
    var set = RedisCodec(shape, try keys(.set, .once, store: 2))
    let stored = String(decoding: set.request() ?? [], as: UTF8.self)
    #expect(stored.hasPrefix("*3\r\n$3\r\nSET\r\n$57\r\n\(try key)\r\n$64\r\n\(value)\r\n*3\r\n"))
    #expect(set.request(slot: 1) == nil, "every key was used")
  }

  @Test func memcachedRequestsAreTheseBytes() throws {
    var get = MemcachedCodec(shape, try keys(.get, .drawn))
    let one = "mg \(try key) v\r\n"
    #expect(get.request() == Array((one + one).utf8))
    var delete = MemcachedCodec(shape, try keys(.delete, .drawn))
    #expect(delete.request() == Array("md \(try key)\r\nmd \(try key)\r\n".utf8))
    var set = MemcachedCodec(shape, try keys(.set, .drawn))
    let stored = "ms \(try key) 64\r\n\(value)\r\n"
    #expect(set.request() == Array((stored + stored).utf8))
  }

  @Test func redisAnswersCutAnywhereAreOneReply() throws {
    let hit = "$64\r\n\(value)\r\n"
    let bytes = Array((hit + hit).utf8)
    for cut in 0...bytes.count {
      var codec = RedisCodec(shape, try keys(.get, .drawn))
      _ = codec.request()
      let (replies, broken) = codec.answer(bytes, cut: cut)
      #expect(!broken)
      #expect(replies.map(\.tokens) == [2] && replies.map(\.wrong) == [0], "cut at \(cut)")
    }
  }

  @Test func memcachedAnswersCutAnywhereAreOneReply() throws {
    let hit = "VA 64\r\n\(value)\r\n"
    let bytes = Array((hit + hit).utf8)
    for cut in 0...bytes.count {
      var codec = MemcachedCodec(shape, try keys(.get, .drawn))
      _ = codec.request()
      let (replies, broken) = codec.answer(bytes, cut: cut)
      #expect(!broken)
      #expect(replies.map(\.tokens) == [2] && replies.map(\.wrong) == [0], "cut at \(cut)")
    }
  }

  @Test func missesAndOtherValuesAreWrong() throws {
    let other = "u0000001" + String(repeating: "v", count: 56)
    var redis = RedisCodec(shape, try keys(.get, .drawn))
    _ = redis.request()
    #expect(redis.answer(Array("$-1\r\n$64\r\n\(other)\r\n".utf8), cut: 0).replies[0].wrong == 2)
    var memcached = MemcachedCodec(shape, try keys(.get, .drawn))
    _ = memcached.request()
    #expect(
      memcached.answer(Array("EN\r\nVA 64\r\n\(other)\r\n".utf8), cut: 0).replies[0].wrong == 2)
  }

  @Test func errorsEndTheRun() throws {
    var redis = RedisCodec(shape, try keys(.get, .drawn))
    _ = redis.request()
    #expect(redis.answer(Array("-ERR no\r\n".utf8), cut: 3).broken)
    var memcached = MemcachedCodec(shape, try keys(.get, .drawn))
    _ = memcached.request()
    #expect(memcached.answer(Array("CLIENT_ERROR x\r\n".utf8), cut: 3).broken)
  }
}

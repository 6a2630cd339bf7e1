import FakeSignet
import SignetClient
import Testing
import TokenWire

let quick = ClientOptions(
  clientName: "tests", connectTimeoutMillis: 5_000, requestTimeoutMillis: 10_000,
  reconnectTimeoutMillis: 5_000)

func connect(
  _ server: FakeServer, _ options: ClientOptions = quick
) throws(ClientError) -> SignetConnection {
  try SignetConnection.connect(path: server.path, options: options)
}

func ping(_ text: String) -> PingRequest { PingRequest(echo: Array(text.utf8)) }

let key = Bytes16(word0: 7, word1: 9)

/// What an optional error says, for `#expect`.
func failure<T>(_ body: () throws(ClientError) -> T) -> ClientError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

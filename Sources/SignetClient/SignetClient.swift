// SignetClient: a client of the token service, for programs on the same host.
//
//     let signet = try SignetConnection.connect(path: "/run/signet/signet.sock")
//     let reply = try signet.validate(tokens, form: .identity, audience: "https://api.example/")
//
// One connection, blocking, for one thread: requests are pipelined (`send`, then `receive` in any
// order), replies are matched by request id, and a lost connection is opened again with whatever
// may be sent twice. There is no async here, as a gateway's worker either has an event loop of its
// own (and then wants TokenWire's codec alone) or may block.
//
// TokenWire is exported with it, because its messages are this module's vocabulary: every call
// takes a request of TokenWire and answers with its reply, and a user of the client would import
// both in every file.
@_exported public import TokenWire

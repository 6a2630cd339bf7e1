import Foundation
import TokenWire

@testable import signetctl

func app(_ name: String) -> AppEntry {
  AppEntry(
    clientId: Array(client.utf8), creator: Array("alice".utf8), name: Array(name.utf8),
    description: [], homepage: Array("https://w/".utf8), iconUrl: Array("https://w/i".utf8),
    callbacks: [Array("https://w/1".utf8)], trusted: true, isPublic: false,
    dynamicallyRegistered: false, grants: 3, audiences: [], scopes: [], revision: 5,
    createdAt: 1, updatedAt: 2)
}

func authorized(_ outcome: AuthorizeReply.Outcome) -> AuthorizeReply {
  AuthorizeReply(
    position: 2, result: outcome.rawValue, redirect: [], ticket: [0xFB, 0xEF, 0xFF], app: .empty,
    callbackHost: Array("w".utf8), scopes: Array("user".utf8), newScopes: [], ticketExpiresAt: 9,
    error: Status.invalidClient.rawValue, message: Array("no such client".utf8))
}

func tokenSet(_ text: String) -> TokenSet {
  TokenSet(
    accessToken: Array(text.utf8), expiresAt: 5_000, expiresInSeconds: 5, refreshToken: [],
    refreshExpiresAt: 0, scope: Array("user".utf8), audience: [], accessor: [], grant: [])
}

func json(_ ran: Ran) -> [String: Any] {
  let object = try? JSONSerialization.jsonObject(with: Data(ran.output.utf8))
  return object as? [String: Any] ?? [:]
}

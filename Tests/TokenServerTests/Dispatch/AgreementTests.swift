import Testing
import TestSupport
import TokenCore
import TokenCrypto
import TokenWire

@testable import TokenServer

/// Numbers that two modules name, which import nothing from each other.
struct AgreementTests {
  @Test("the reasons of refusals are the protocol's statuses of the same name")
  func reasons() {
    for reason in Refusal.Reason.allCases {
      let status = Status(rawValue: reason.rawValue)
      #expect(status.map { "\($0)".lowercased() } == "\(reason)".lowercased(), "\(reason)")
    }
  }

  @Test("the grant types have the same bits")
  func grantTypes() {
    #expect(TokenCore.GrantTypes.authorizationCode.rawValue == 1)
    for (core, wire) in [
      (TokenCore.GrantTypes.authorizationCode, TokenWire.GrantTypes.authorizationCode),
      (.refreshToken, .refreshToken), (.clientCredentials, .clientCredentials),
      (.implicit, .implicit), (.standard, .standard), (.all, .all),
    ] {
      #expect(core.rawValue == wire.rawValue)
    }
  }

  @Test(
    "the rules judge by the limits that the protocol states",
    arguments: [
      (Limits.userIDMaxBytes, WireLimits.userIdBytes),
      (Limits.clientIDBytes, WireLimits.clientIdBytes),
      (Limits.appNameMaxScalars, WireLimits.nameScalars),
      (Limits.appNameMaxBytes, WireLimits.nameBytes),
      (Limits.appDescriptionMaxScalars, WireLimits.descriptionScalars),
      (Limits.appDescriptionMaxBytes, WireLimits.descriptionBytes),
      (Limits.homepageMaxBytes, WireLimits.homepageBytes),
      (Limits.iconURLMaxBytes, WireLimits.iconUrlBytes),
      (Limits.callbacksMaxCount, WireLimits.callbacks),
      (Limits.redirectURIMaxBytes, WireLimits.redirectUriBytes),
      (Limits.redirectURIMaxBytes, WireLimits.callbackBytes),
      (Limits.callbacksTotalMaxBytes, WireLimits.callbacksTotalBytes),
      (Limits.stateMaxBytes, WireLimits.stateBytes),
      (Limits.scopeMaxBytes, WireLimits.scopeBytes),
      (Limits.scopesMaxCount, WireLimits.scopeTokens),
      (Limits.codeChallengeBytes, WireLimits.codeChallengeBytes),
      (Limits.codeVerifierMinBytes, WireLimits.codeVerifierBytesMin),
      (Limits.codeVerifierMaxBytes, WireLimits.codeVerifierBytesMax),
      (Limits.audienceMaxBytes, WireLimits.audienceBytes),
      (Limits.audiencesMaxCount, WireLimits.audiences),
      (Limits.audiencesTotalMaxBytes, WireLimits.audiencesTotalBytes),
      (Limits.issuerMaxBytes, WireLimits.issuerBytes),
      (Limits.allowlistMaxCount, WireLimits.allowlistGlobs),
      (Limits.allowlistTotalMaxBytes, WireLimits.allowlistBytes),
      (Limits.issuedTokensPerCall, WireLimits.issueTokens),
    ])
  func limits(core: Int, wire: Int) {
    #expect(core == wire)
  }

  @Test("an operation is a mutation for the rules exactly if it is one for the protocol")
  func mutations() throws {
    var mint = try Self.mint()
    var operations = 0
    for opcode in Opcode.allCases where opcode.isLane {
      let body = try #require(GoldenFrame.typical[opcode.rawValue]).body
      let bytes = unsafe body.span.bytes
      let call = try CallDecoder.decode(opcode, bytes)
      mint.drawFromPool()
      if case .operation(let operation) = call.task(&mint, seed: mint.drawSeed()) {
        #expect(operation.isMutation == opcode.isMutation, "\(opcode.name)")
        operations += 1
      } else {
        #expect(!opcode.isMutation, "\(opcode.name)")
      }
    }
    // SNAPSHOT, BACKUP, STATUS, STATS and CLOCK_ACCEPT are the daemon's own.
    #expect(operations == Opcode.allCases.count { $0.isLane } - 5)
  }

  @Test("an outcome of another operation is no reply, and traps nowhere")
  func foreignOutcome() throws {
    var mint = try Self.mint()
    mint.drawFromPool()
    for opcode in Opcode.allCases where opcode.isLane {
      let body = try #require(GoldenFrame.typical[opcode.rawValue]).body
      let bytes = unsafe body.span.bytes
      let call = try CallDecoder.decode(opcode, bytes)
      let outcomes: [TokenCore.Outcome] = [.gate(7), .revoked(true)]
      let replies = outcomes.map { outcome in
        call.reply(Answer(position: 1, outcome: outcome, seed: .none), &mint)
      }
      switch opcode {
      case .revokeBefore: #expect(replies[0] != nil && replies[1] == nil)
      case .revoke: #expect(replies[0] == nil && replies[1] != nil)
      default: #expect(replies.allSatisfy { $0 == nil }, "\(opcode.name)")
      }
    }
  }

  private static func mint() throws -> TokenMint {
    var pool = EntropyPool()
    let keyring = Keyring(root: RootKey(from: &pool))
    keyring.publish([
      SigningKey(
        keyID: 0, state: .primary, salt: TokenID(pool.block128()), createdAtMillis: 1)
    ])
    return TokenMint(keyring)
  }
}

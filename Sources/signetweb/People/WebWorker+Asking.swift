internal import TokenWire

extension WebWorker {
  /// Asks the service; what it refuses becomes a page.
  mutating func ask<R: RequestMessage>(_ request: R) throws(PageStop) -> R.Reply {
    do throws(ServiceFault) {
      return try service.call(request)
    } catch {
      throw .fault(error)
    }
  }

  /// The same for a request that changes something.
  mutating func ask<R: MutationMessage>(_ request: R) throws(PageStop) -> R.Reply {
    do throws(ServiceFault) {
      return try service.call(request)
    } catch {
      throw .fault(error)
    }
  }

  /// One application, for who manages it.
  mutating func application(
    _ clientID: [UInt8], _ person: Person
  ) throws(PageStop) -> AppEntry {
    try ask(AppGetRequest(acting: person.acting, clientId: clientID)).app
  }

  /// Whether a client secret fails by now: between the form that made it and the page that shows
  /// it, an administrator may have made another. Asked by a revocation of nothing, which the
  /// service answers while the provider is off too; only a wrong secret meets the limit of
  /// failures. When it cannot say, the secret is taken for good: who made it has no other chance to
  /// see it.
  mutating func isReplaced(_ secret: [UInt8], of clientID: [UInt8]) -> Bool {
    let nothing = ClientRevokeRequest(
      client: ClientAuth(clientId: clientID, clientSecret: secret, method: .body),
      token: Array("nothing".utf8))
    do throws(ServiceFault) {
      _ = try service.call(nothing)
      return false
    } catch {
      return error.status == .invalidClient || error.status == .rateLimited
    }
  }

  /// A token for a form that is shown now.
  borrowing func token(
    _ act: StaticString, object: [UInt8] = [], _ person: Person
  ) -> [UInt8] {
    formTokens.issue(FormSubject(user: person.userID, act: act, object: object))
  }
}

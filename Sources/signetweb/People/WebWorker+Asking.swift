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

  /// A token for a form that is shown now.
  borrowing func token(
    _ act: StaticString, object: [UInt8] = [], _ person: Person
  ) -> [UInt8] {
    formTokens.issue(FormSubject(user: person.userID, act: act, object: object))
  }
}

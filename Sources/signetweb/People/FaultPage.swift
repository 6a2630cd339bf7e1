internal import SignetClient
internal import TokenWire

/// The page for an operation that the service refused, or could not be asked for.
struct FaultPage {
  let fault: ServiceFault
  let person: Person

  var page: Page { message.page }

  /// The same over a form that comes back with what was typed; nil where sending it again cannot
  /// help this person.
  var notice: Notice? {
    switch fault.status {
    case .notFound, .forbidden, .personLoginRefused, .userDisabled: return nil
    default:
      let message = message
      let remedy = message.remedy?.bytes ?? []
      return Notice(
        kind: .problem,
        text: message.title.bytes + Array(". ".utf8) + message.text + [0x20] + remedy)
    }
  }

  private var message: MessagePage {
    guard case .refused(let refusal) = fault else { return away }
    switch refusal.status {
    case .providerOff, .registrationOff: return providerOff
    case .notFound, .forbidden, .personLoginRefused, .userDisabled: return personal(refusal)
    case .ticketInvalid, .idempotencyConflict, .revisionConflict, .publicClient, .limitReached,
      .invalidField, .unknownSetting:
      return mendable(refusal)
    case .internal: return broken
    case .rateLimited: return later(refusal, status: 429)
    case .busy, .draining, .notCaughtUp, .diskFull, .timeout, .tooManyConnections:
      return later(refusal, status: 503)
    case .denied: return misconfigured
    default: return unavailable
    }
  }

  private var away: MessagePage {
    message(
      503, "The service cannot be reached", "Nothing was done, or it is not known what was done.",
      "Wait a moment, look whether it was done, and try again.", retryAfterSeconds: 5)
  }

  private func later(_ refusal: Refusal, status: Int) -> MessagePage {
    message(
      status, "The service is busy", "Nothing was done.", "Wait a moment and try again.",
      retryAfterSeconds: max(1, Int((refusal.retryAfterMillis + 999) / 1_000)))
  }

  /// The log has the refusal, with the line of configuration that would help; it is not for
  /// everybody to read.
  private var misconfigured: MessagePage {
    message(
      503, "The service does not take this from here", "Nothing was done.",
      "The operator finds in signetweb's log which right it lacks.", retryAfterSeconds: 60)
  }

  private var unavailable: MessagePage {
    message(
      503, "The service cannot do this now", "It could not be done for certain.",
      "The operator finds the reason in the service's log.", retryAfterSeconds: 30)
  }

  private var broken: MessagePage {
    message(
      500, "The service has a fault",
      "It is not known whether this was done. Look before you try again.",
      "The operator finds the fault in the service's log.")
  }

  private var providerOff: MessagePage {
    message(
      501, "OAuth is switched off", "The OAuth 2.0 service provider is switched off here.",
      "A system administrator can switch it on in the system console.")
  }

  private func personal(_ refusal: Refusal) -> MessagePage {
    switch refusal.status {
    case .notFound:
      message(
        404, "There is no such application", "It was deleted, or it is not one of yours.",
        "The list of applications has all that you manage.")
    case .userDisabled:
      message(403, "Your account is disabled", "It can neither give nor manage access.", nil)
    case .personLoginRefused:
      message(403, "Log in yourself", "An application cannot do this in your name.", nil)
    default:
      message(
        403, "You may not do this", "It is another person's, or for system administrators only.",
        "A system administrator can do it, or let everybody manage applications.")
    }
  }

  private func mendable(_ refusal: Refusal) -> MessagePage {
    switch refusal.status {
    case .ticketInvalid:
      message(
        400, "This question is closed",
        "It was answered before, is too old, or the application has changed.",
        "Go back to the application and start again from there.")
    case .idempotencyConflict:
      message(
        409, "This form was sent before", "It was carried out then, with another content.",
        "Open the page again to see how things are now.")
    case .revisionConflict:
      message(
        409, "Somebody else changed it", "The application changed while you looked at it.",
        "Open the page again and repeat your change.")
    case .publicClient:
      message(400, "There is no secret", "A public client has none; it uses PKCE.", nil)
    // The service names the person where the limit is the person's own.
    case .limitReached where refusal.field == "acting.user":
      message(
        409, "You have too many applications",
        "You have registered as many applications as one person may.",
        "Delete one that is not used, or ask a system administrator to register it.")
    case .limitReached:
      message(
        409, "There is no room", "A limit of the service is reached.",
        "The operator finds in the service's status which table is full.")
    default:
      message(400, "This request cannot be understood", "A part of it has a wrong form.", nil)
    }
  }

  private func message(
    _ status: Int, _ title: StaticString, _ text: StaticString, _ remedy: StaticString?,
    retryAfterSeconds: Int? = nil
  ) -> MessagePage {
    MessagePage(
      title: title, status: status, person: person, text: text.bytes, remedy: remedy,
      retryAfterSeconds: retryAfterSeconds)
  }
}

/// What a handler works with. One a thread, passed `inout`.
struct WebWorker: ~Copyable {
  /// The connection to the service.
  var service: FrontConnection
  let configuration: WebConfiguration
  /// Guards every form against forgery; shared by all workers.
  let formTokens: FormTokens
  let log: WebLog

  /// `rights` is told what the connection to the service may do.
  init(
    configuration: WebConfiguration, formTokens: FormTokens, log: WebLog,
    rights: ServiceRights? = nil
  ) {
    self.configuration = configuration
    self.formTokens = formTokens
    self.log = log
    service = FrontConnection(path: configuration.servicePath, log: log, rights: rights)
  }
}

/// The client id of one application of a list. Two applications may have one name: what is done
/// with either refers to this line, so that those who hear a link or a button know which one it
/// means.
struct ClientIDLine {
  let clientID: [UInt8]

  private var id: [UInt8] { Array("id-".utf8) + clientID }

  /// For the element that this line tells apart.
  var describes: Attribute { .of("aria-describedby", id) }

  func write(to html: inout HTML) {
    html.element("p") { html in
      html.text("Client id: ")
      html.element("code", [.of("id", id)]) { $0.text(clientID) }
    }
  }
}

/// A response as a FastCGI responder writes it: CGI headers with a `Status` line, an empty line,
/// the body (RFC 3875 section 6).
enum CGIOutput {
  /// The bytes. A response whose headers could be split is answered 500 in its place. `isHead`
  /// leaves the body out.
  static func bytes(_ response: WebResponse, isHead: Bool) -> [UInt8] {
    let response =
      response.isSendable ? response : .text(500, "the answer held what no header may hold")
    var bytes = Array("Status: \(response.status) \(reason(response.status))\r\n".utf8)
    for header in response.headers {
      bytes += header.name.bytes
      bytes += [UInt8(ascii: ":"), 0x20]
      bytes += header.value
      bytes += [0x0D, 0x0A]
    }
    if !isHead { bytes += Array("Content-Length: \(response.body.count)\r\n".utf8) }
    bytes += [0x0D, 0x0A]
    if !isHead { bytes += response.body }
    return bytes
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    // Of a provider that is off, and of nothing else; the phrase is free (RFC 9112 section 4).
    case 501: "Switched Off"
    case 503: "Service Unavailable"
    default: "Answer"
    }
  }
}
